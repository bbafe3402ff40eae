package city.canopy.geo.file;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** GeoJSON, RFC 7946, also a feature on each line: longitude and latitude on WGS 84. */
final class GeoJsonFormat implements LayerFormat {
    @Override
    public String name() {
        return "geojson";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("geojson", "json", "geojsonl", "geojsons", "ndjson");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        GeoJsonReader.Result read;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            read = new GeoJsonReader()
                    .numbering()
                    .withLimits(GeoJsonReader.MAX_FEATURES, LayerImport.MAX_VERTICES)
                    .read(in, "layer");
        }
        sink.declared("EPSG:4326");
        int number = 0;
        for (GeoFeature feature : read.features()) {
            sink.accept(new SourceFeature(++number, feature.id(), feature.geometry(), feature.properties()));
        }
        read.problems().forEach(sink::problem);
    }
}
