package city.canopy.core.layers.file;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one file as an import does. As a program: says in one line what came of it, in whatever heap it was given. */
final class ReadOnce {
    private ReadOnce() {}

    static LayerImport.Result read(Path file) throws IOException {
        return LayerImport.read(
                file,
                LayerFiles.formats().of(file).orElseThrow(),
                new LayerImport.Wish(
                        "test",
                        Optional.of("EPSG:4326"),
                        AttributeMapping.AS_IT_IS,
                        Set.of(),
                        Map.of(),
                        WorkingPlane.centredOn(105.85, 21.47),
                        FormatOptions.NONE,
                        FeatureCheck.NONE));
    }

    public static void main(String[] arguments) {
        try {
            LayerImport.Result read = read(Path.of(arguments[0]));
            System.out.println(read.features().size() + " taken, refused: "
                    + read.refused().stream().map(each -> each.problem().code()).toList());
        } catch (IOException e) {
            System.out.println("unusable: " + e.getMessage());
        }
    }
}
