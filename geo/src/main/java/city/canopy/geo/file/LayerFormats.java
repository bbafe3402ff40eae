package city.canopy.geo.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every format that can be read. The only place where one is added. */
public final class LayerFormats {
    private final List<LayerFormat> all;

    private LayerFormats(List<LayerFormat> all) {
        this.all = List.copyOf(all);
    }

    /** Those that need nothing but this module. */
    public static LayerFormats standard() {
        return new LayerFormats(List.of(new ShapefileFormat(), new GeoJsonFormat(), new CsvFormat(), new KmlFormat()));
    }

    /** With another one. */
    public LayerFormats and(LayerFormat more) {
        List<LayerFormat> longer = new ArrayList<>(all);
        longer.add(more);
        return new LayerFormats(longer);
    }

    /** The format of a file by its name. */
    public Optional<LayerFormat> of(Path file) {
        return all.stream().filter(format -> format.takes(file)).findFirst();
    }

    /** Their names and endings, for people. */
    public String list() {
        return String.join(
                ", ",
                all.stream()
                        .map(format -> format.name() + " (." + String.join(", .", format.endings()) + ")")
                        .toList());
    }
}
