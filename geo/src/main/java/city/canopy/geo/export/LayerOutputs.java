package city.canopy.geo.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every kind of file that can be written. The only place where one is added. */
public final class LayerOutputs {
    private final List<LayerOutput> all;

    private LayerOutputs(List<LayerOutput> all) {
        this.all = List.copyOf(all);
    }

    /** Those that need nothing but this module. */
    public static LayerOutputs standard() {
        return new LayerOutputs(List.of(new GeoJsonOutput(), new CsvOutput(), new ShapefileOutput()));
    }

    /** With another one. */
    public LayerOutputs and(LayerOutput more) {
        List<LayerOutput> longer = new ArrayList<>(all);
        longer.add(more);
        return new LayerOutputs(longer);
    }

    public Optional<LayerOutput> find(String name) {
        return all.stream().filter(output -> output.name().equals(name)).findFirst();
    }

    /** Their names, for people. */
    public String list() {
        return String.join(", ", names());
    }

    public List<String> names() {
        return all.stream().map(LayerOutput::name).sorted().toList();
    }
}
