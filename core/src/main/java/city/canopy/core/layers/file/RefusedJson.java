package city.canopy.core.layers.file;

import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerProblem;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * Refused features as a GeoJSON FeatureCollection, with cause and remedy among the properties. Where the place is not known
 * the geometry is null; a shape of more than {@value #MAX_POINTS} points stands as its box, and so does every shape after the
 * first {@value #MAX_POINTS_IN_ALL} points.
 */
public final class RefusedJson {
    static final int MAX_POINTS = 1_000;
    static final int MAX_POINTS_IN_ALL = 200_000;
    private static final JsonFactory JSON = new JsonFactory();

    private RefusedJson() {}

    /** The stream stays open. */
    public static void write(List<LayerImport.Refused> refused, OutputStream stream) throws IOException {
        try (JsonGenerator out = JSON.createGenerator(stream)) {
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            out.writeStartObject();
            out.writeStringField("type", "FeatureCollection");
            out.writeArrayFieldStart("features");
            int left = MAX_POINTS_IN_ALL;
            for (LayerImport.Refused each : refused) {
                left -= write(each, Math.min(MAX_POINTS, left), out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    /** @return how many points it wrote */
    private static int write(LayerImport.Refused refused, int most, JsonGenerator out) throws IOException {
        LayerProblem problem = refused.problem();
        out.writeStartObject();
        out.writeStringField("type", "Feature");
        out.writeFieldName("geometry");
        Optional<Geometry> shape = refused.geometry()
                .filter(geometry -> !geometry.isEmpty())
                .map(geometry -> geometry.getNumPoints() > most ? geometry.getEnvelope() : geometry);
        if (shape.isEmpty()) {
            out.writeNull();
        } else {
            GeoJsonWriter.write(shape.get(), out);
        }
        out.writeObjectFieldStart("properties");
        out.writeStringField("feature", problem.featureRef());
        out.writeStringField("code", problem.code());
        out.writeStringField("detail", problem.detail());
        out.writeStringField("remedy", problem.remedy());
        out.writeEndObject();
        out.writeEndObject();
        return shape.map(Geometry::getNumPoints).orElse(0);
    }
}
