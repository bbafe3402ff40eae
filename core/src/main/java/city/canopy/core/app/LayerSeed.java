package city.canopy.core.app;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.packs.PackLayer;
import city.canopy.core.packs.Packs;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The packs' layers, and their first features. */
final class LayerSeed {
    private LayerSeed() {}

    /** Makes the layers that the packs bring, and fills those that are empty with what stands in the packs. */
    static void open(PgLayers layers, Packs packs) {
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
            layer.content().ifPresent(file -> seed(layers, layer.name(), file));
        }
    }

    private static void seed(PgLayers layers, String layer, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            GeoJsonReader.Result read = new GeoJsonReader().read(in, layer);
            if (read.problemCount() > 0) {
                throw new StartException(file + ": " + read.problems().get(0) + " (" + read.problemCount()
                        + " problems in all); mend the file");
            }
            layers.seed(layer, read.features(), "pack");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
