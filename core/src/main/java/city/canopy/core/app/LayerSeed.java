package city.canopy.core.app;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.packs.PackLayer;
import city.canopy.core.packs.Packs;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The packs' layers, and their first features. */
final class LayerSeed {
    private LayerSeed() {}

    /**
     * Makes the layers that the packs bring, and fills those that are empty with what stands in the packs.
     *
     * @throws StartException when features of a pack cannot be read; no layer has been touched then
     */
    static void open(PgLayers layers, Packs packs) {
        Map<String, List<GeoFeature>> contents = new LinkedHashMap<>();
        for (PackLayer layer : packs.layers()) {
            layer.content().ifPresent(file -> contents.put(layer.name(), read(layer.name(), file)));
        }
        for (PackLayer layer : packs.layers()) {
            layers.ensureLayer(new LayerDefinition(
                    layer.name(),
                    layer.pack(),
                    LayerDefinition.Kind.valueOf(layer.kind().name()),
                    layer.title(),
                    layer.isPublic(),
                    layer.attributes().stream()
                            .map(a -> new LayerDefinition.Attribute(a.name(), a.type(), a.title()))
                            .toList()));
        }
        contents.forEach((layer, features) -> layers.seed(layer, features, "pack"));
    }

    private static List<GeoFeature> read(String layer, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            GeoJsonReader.Result read = new GeoJsonReader().read(in, layer);
            if (read.problemCount() > 0) {
                throw new StartException(file + ": " + read.problems().get(0) + " (" + read.problemCount()
                        + " problems in all); mend the file");
            }
            return read.features();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
