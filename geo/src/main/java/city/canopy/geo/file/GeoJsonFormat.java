package city.canopy.geo.file;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GeoJSON, RFC 7946, also a feature on each line: longitude and latitude on WGS 84, or the system that the file names in a
 * {@code crs} as before RFC 7946.
 */
final class GeoJsonFormat implements LayerFormat {
    private static final Pattern EPSG = Pattern.compile("(?i).*\\bEPSG(?:[:/][0-9.]*)?[:/]([0-9]{4,6})");

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
                    .inAnySystem()
                    .withLimits(GeoJsonReader.MAX_FEATURES, LayerImport.MAX_VERTICES)
                    .read(in, "layer");
        }
        sink.declared(read.system().map(GeoJsonFormat::code).orElse("EPSG:4326"));
        int number = 0;
        for (GeoFeature feature : read.features()) {
            sink.accept(new SourceFeature(++number, feature.id(), feature.geometry(), feature.properties()));
        }
        read.problems().forEach(sink::problem);
    }

    /** The code in a name such as {@code urn:ogc:def:crs:EPSG::9213}; the name itself where there is none. */
    private static String code(String name) {
        Matcher epsg = EPSG.matcher(name);
        return epsg.matches() ? "EPSG:" + epsg.group(1) : name;
    }
}
