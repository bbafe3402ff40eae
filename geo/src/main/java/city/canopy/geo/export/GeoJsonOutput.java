package city.canopy.geo.export;

import city.canopy.geo.layer.GeoJsonWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** GeoJSON, RFC 7946: longitude and latitude on WGS 84, with every digit that the layer has. */
final class GeoJsonOutput implements LayerOutput {
    @Override
    public String name() {
        return "geojson";
    }

    @Override
    public String ending() {
        return "geojson";
    }

    @Override
    public String mediaType() {
        return "application/geo+json";
    }

    @Override
    public List<String> write(LayerExtract extract, Path file) throws IOException {
        if (!extract.crs().equals(LayerExtract.LON_LAT)) {
            throw new IOException("GeoJSON is in longitude and latitude (" + LayerExtract.LON_LAT
                    + ") alone; leave the system away, or choose gpkg, csv or shp");
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            GeoJsonWriter.writeExactly(extract.features(), out);
        }
        return List.of();
    }
}
