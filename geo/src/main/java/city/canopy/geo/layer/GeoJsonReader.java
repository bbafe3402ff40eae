package city.canopy.geo.layer;

import city.canopy.geo.layer.GeoJsonGeometry.Refused;
import city.canopy.geo.layer.LayerProblem.Cause;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Geometry;

/**
 * Reads GeoJSON (RFC 7946) as a stream: good features on one side, problems on the other. A stream is a collection, one
 * feature, or features one after the other as in newline-delimited GeoJSON and in sequences (RFC 8142). Immutable; any thread.
 *
 * <p>Kept are ids, all properties and all geometry types with their heights. Objects and lists among the properties are
 * kept as JSON text. What is wrong with one feature leaves out that feature; what is wrong with the file (no JSON, no
 * GeoJSON, another coordinate system, too many features) leaves out all of them. Limits: {@value #MAX_FEATURES} features,
 * {@value #MAX_VERTICES} vertices in a feature, {@value #MAX_PROPERTY_LENGTH} characters in a property,
 * {@value #MAX_PROBLEMS} problems listed (the rest only counted).
 */
public final class GeoJsonReader {
    public static final int MAX_FEATURES = 2_000_000;
    public static final int MAX_VERTICES = 1_000_000;
    public static final int MAX_PROPERTY_LENGTH = 100_000;
    public static final int MAX_PROBLEMS = 10_000;

    private static final int MAX_ID_LENGTH = 200;
    private static final int MAX_NESTING = 64;
    private static final Pattern LON_LAT_CRS =
            Pattern.compile("(?i)(urn:ogc:def:crs:|https?://www.opengis.net/def/crs/)?"
                    + "(OGC[:/]([0-9.]+)?[:/]?CRS84|EPSG[:/]([0-9.]+[:/])?4326)");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_RS_CONTROL_CHAR)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(1_000_000)
                    .build())
            .build();

    private final String idProperty;
    private final boolean numbering;
    private final int maxFeatures;
    private final int maxVertices;
    private final boolean anySystem;

    /** Takes ids from the "id" of each feature, else from its property {@code id}. */
    public GeoJsonReader() {
        this("id", false, MAX_FEATURES, MAX_VERTICES, false);
    }

    private GeoJsonReader(String idProperty, boolean numbering, int maxFeatures, int maxVertices, boolean anySystem) {
        this.idProperty = Objects.requireNonNull(idProperty, "idProperty");
        this.numbering = numbering;
        this.maxFeatures = maxFeatures;
        this.maxVertices = maxVertices;
        this.anySystem = anySystem;
    }

    /** One that takes the id from this property where a feature has no "id". */
    public GeoJsonReader withIdProperty(String name) {
        return new GeoJsonReader(name, numbering, maxFeatures, maxVertices, anySystem);
    }

    /** One that gives a feature without an id its number in the file as its id. */
    public GeoJsonReader numbering() {
        return new GeoJsonReader(idProperty, true, maxFeatures, maxVertices, anySystem);
    }

    /** One that takes coordinates of any system, as they were before RFC 7946, and tells which one the file names. */
    public GeoJsonReader inAnySystem() {
        return new GeoJsonReader(idProperty, numbering, maxFeatures, maxVertices, true);
    }

    /** One with lower limits. */
    public GeoJsonReader withLimits(int features, int vertices) {
        if (features < 1 || features > MAX_FEATURES || vertices < 1 || vertices > MAX_VERTICES) {
            throw new IllegalArgumentException("limits can only be lowered, not to below 1");
        }
        return new GeoJsonReader(idProperty, numbering, features, vertices, anySystem);
    }

    /**
     * What was read.
     *
     * @param features the good ones, in the order of the file, all of version 1
     * @param problems the first {@value #MAX_PROBLEMS} problems
     * @param problemCount how many there were in all
     * @param system the name of the coordinate system that the file says, where it is another than lon/lat on WGS 84
     */
    public record Result(
            List<GeoFeature> features, List<LayerProblem> problems, int problemCount, Optional<String> system) {
        public Result {
            features = List.copyOf(features);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads all of a stream, and leaves it open.
     *
     * @param layer the name of the layer that the features are to belong to
     * @throws IOException only when the stream itself fails
     */
    public Result read(InputStream in, String layer) throws IOException {
        Reading reading = new Reading(layer);
        try (JsonParser parser = JSON.createParser(in)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            reading.readAll(parser);
        } catch (CharConversionException e) {
            reading.refuseAll(Cause.NOT_JSON, "its characters are neither UTF-8 nor UTF-16");
        } catch (JsonProcessingException e) {
            reading.refuseAll(Cause.NOT_JSON, JsonFault.of(e).toString());
        }
        return reading.result();
    }

    /** Whether a name of a "crs" member means longitude and latitude on WGS 84. */
    static boolean isLonLat(String crsName) {
        return crsName.length() <= 100
                && LON_LAT_CRS.matcher(crsName.replace("::", ":")).matches();
    }

    /** The state of one call. */
    private final class Reading {
        private final String layer;
        private final List<GeoFeature> features = new ArrayList<>();
        private final List<LayerProblem> problems = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private final ValuePool pool = new ValuePool();
        private int problemCount;
        private boolean refused;
        private int number;
        private String system;

        Reading(String layer) {
            this.layer = Objects.requireNonNull(layer, "layer");
        }

        Result result() {
            return new Result(refused ? List.of() : features, problems, problemCount, Optional.ofNullable(system));
        }

        void refuseAll(Cause cause, String detail) {
            refused = true;
            features.clear();
            note(new LayerProblem(LayerProblem.WHOLE_FILE, cause, detail));
        }

        private void note(LayerProblem problem) {
            problemCount++;
            if (problems.size() < MAX_PROBLEMS) {
                problems.add(problem);
            }
        }

        void readAll(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                refuseAll(Cause.NOT_GEOJSON, "it does not begin with an object");
                return;
            }
            RawFeature top = new RawFeature(maxVertices, anySystem);
            boolean list = false;
            while (!refused && parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.currentName().equals("features")) {
                    parser.nextToken();
                    list = true;
                    readFeatures(parser);
                } else {
                    top.readMember(parser);
                }
            }
            if (!refused) {
                finish(parser, top, list);
            }
        }

        private void finish(JsonParser parser, RawFeature top, boolean list) throws IOException {
            system = anySystem ? top.foreignCrs() : null;
            if (top.foreignCrs() != null && !anySystem) {
                refuseAll(Cause.FOREIGN_CRS, "it says that its coordinates are in " + top.foreignCrs());
            } else if ("Feature".equals(top.type()) && !list) {
                number = 1;
                take(top);
                readOthers(parser);
            } else if (!"FeatureCollection".equals(top.type()) || !list) {
                refuseAll(
                        Cause.NOT_GEOJSON, "its type is " + top.type() + (list ? "" : ", without a list of features"));
            } else if (parser.nextToken() != null) {
                refuseAll(Cause.NOT_JSON, "something follows after its end");
            }
        }

        private void readFeatures(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                refuseAll(Cause.NOT_GEOJSON, "\"features\" is no list");
                return;
            }
            while (!refused && parser.nextToken() != JsonToken.END_ARRAY) {
                readFeature(parser);
            }
        }

        /** Those that follow a feature which is in no collection. */
        private void readOthers(JsonParser parser) throws IOException {
            while (!refused && parser.nextToken() != null) {
                readFeature(parser);
            }
        }

        private void readFeature(JsonParser parser) throws IOException {
            number++;
            if (number > maxFeatures) {
                refuseAll(Cause.TOO_MANY_FEATURES, "it has more than " + maxFeatures + " features");
            } else if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                note(new LayerProblem("feature " + number, Cause.NOT_GEOJSON, "it is no object"));
            } else {
                RawFeature raw = new RawFeature(maxVertices, anySystem);
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    raw.readMember(parser);
                }
                take(raw);
            }
        }

        private void take(RawFeature raw) {
            String reference = "feature " + number;
            try {
                if (!"Feature".equals(raw.type())) {
                    throw new Refused(Cause.NOT_GEOJSON, "its type is " + raw.type());
                }
                if (raw.foreignCrs() != null && !raw.foreignCrs().equals(system)) {
                    throw new Refused(Cause.FOREIGN_CRS, "its coordinates are in " + raw.foreignCrs());
                }
                String id = id(raw);
                reference += " (id " + id + ")";
                Map<String, Object> properties = raw.properties();
                properties.replaceAll((name, value) -> pool.share(value));
                Geometry geometry = raw.geometry();
                if (!ids.add(id)) {
                    throw new Refused(Cause.DUPLICATE_ID, "the id " + id + " was there before");
                }
                features.add(new GeoFeature(layer, id, geometry, properties, 1));
            } catch (Refused e) {
                note(new LayerProblem(reference, e.cause(), e.getMessage()));
            }
        }

        private String id(RawFeature raw) throws Refused {
            Object found = raw.id() != null ? raw.id() : raw.properties().get(idProperty);
            if (found == null && numbering) {
                return Integer.toString(number);
            }
            if (found == null) {
                throw new Refused(Cause.NO_ID, "it has neither an \"id\" nor a property " + idProperty);
            }
            String id = String.valueOf(found);
            if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
                throw new Refused(Cause.BAD_ID, "its id has " + id.length() + " characters");
            }
            return id;
        }
    }
}
