package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.PgLayers;
import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.export.LayerOutput;
import city.canopy.geo.export.LayerOutputs;
import city.canopy.geo.layer.LayerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A layer as a file. It is written into a temporary file, one at a time, and sent from there. */
public final class LayerExportRoutes implements Routes {
    private final PgLayers layers;
    private final LayerOutputs outputs;
    private final Blocking writing;

    /** @param writing the pool of one thread that writes files; not closed here */
    public LayerExportRoutes(PgLayers layers, LayerOutputs outputs, Blocking writing) {
        this.layers = layers;
        this.outputs = outputs;
        this.writing = writing;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/layers/{layer}/export")
                .named("exportLayer", "A layer as a file to keep; what a Shapefile cannot hold stands in its NOTES.txt")
                .needs(Role.VIEWER)
                .query(
                        "format",
                        Schema.oneOf(outputs.names().toArray(new String[0])),
                        "which kind of file; gpkg when not given")
                .query("crs", Schema.text(), "a coordinate system such as EPSG:9213; EPSG:4326 when not given")
                .answers(
                        200,
                        "the file",
                        "application/octet-stream",
                        Schema.text().put("format", "binary"))
                .answers(304, "nothing has changed", null)
                .blocking(writing, this::write);
    }

    private Answer write(Call call) throws IOException {
        String layer = call.path("layer");
        if (!layers.names().contains(layer)) {
            throw ProblemException.notFound("There is no layer " + layer + ".");
        }
        String format = call.query("format").orElse("gpkg");
        LayerOutput output = outputs.find(format)
                .orElseThrow(() -> ProblemException.badRequest(
                        "bad_parameter", "\"format\" is one of " + outputs.list() + ", not " + format + "."));
        String crs = call.query("crs").orElse(LayerExtract.LON_LAT);
        LayerSnapshot snapshot = layers.snapshot(layer);
        String tag = "\"" + layer + "-" + snapshot.version() + "-" + format + "-" + Integer.toHexString(crs.hashCode())
                + "\"";
        if (call.header("if-none-match").filter(tag::equals).isPresent()) {
            return Answer.bytes(304, output.mediaType(), new byte[0]).with("etag", tag);
        }
        return Answer.file(output.mediaType(), written(snapshot, output, crs))
                .with("etag", tag)
                .with("cache-control", "private, no-cache")
                .with("content-disposition", "attachment; filename=\"" + layer + "." + output.ending() + "\"");
    }

    private static Path written(LayerSnapshot snapshot, LayerOutput output, String crs) throws IOException {
        Path file = Files.createTempFile("canopy-export-", "." + output.ending());
        try {
            output.write(new LayerExtract(snapshot.layer(), snapshot.features(), crs), file);
            return file;
        } catch (UnknownCrsException e) {
            Files.deleteIfExists(file);
            throw ProblemException.badRequest("unknown_crs", e.getMessage() + ".");
        } catch (IOException | IllegalStateException e) {
            Files.deleteIfExists(file);
            throw ProblemException.unacceptable("cannot_be_exported", e.getMessage() + ".");
        }
    }
}
