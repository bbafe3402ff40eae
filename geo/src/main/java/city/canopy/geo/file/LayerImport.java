package city.canopy.geo.file;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.TransformException;
import org.geotools.geometry.jts.JTS;
import org.locationtech.jts.geom.Geometry;

/**
 * Makes a layer's features of a file: brings them to longitude and latitude, maps their attributes, and says of each one
 * that cannot be taken why not and what to do. Blocking; one call is one thread's.
 */
public final class LayerImport {
    private static final int MAX_ID_LENGTH = 200;

    private LayerImport() {}

    /**
     * What is asked for.
     *
     * @param layer the layer's name
     * @param crs the file's coordinate system, where it does not declare one or declares it wrongly
     * @param mapping how attributes become the layer's
     * @param required attributes that every feature must have
     * @param area the operating area; what its plane does not reach is refused
     * @param options what else is said of the file
     */
    public record Wish(
            String layer,
            Optional<String> crs,
            AttributeMapping mapping,
            Set<String> required,
            WorkingPlane area,
            FormatOptions options) {
        public Wish {
            Objects.requireNonNull(layer, "layer");
            Objects.requireNonNull(crs, "crs");
            Objects.requireNonNull(mapping, "mapping");
            required = Set.copyOf(required);
            Objects.requireNonNull(area, "area");
            Objects.requireNonNull(options, "options");
        }
    }

    /**
     * A feature that was not taken.
     *
     * @param geometry where it is in lon/lat, as far as that is known, so that it can be drawn
     */
    public record Refused(LayerProblem problem, Optional<Geometry> geometry) {}

    /**
     * What came of it.
     *
     * @param features those that can be taken, in the file's order
     * @param refused the first {@value GeoJsonReader#MAX_PROBLEMS} others
     * @param refusedCount how many others there are
     * @param numbered whether ids are numbers in the file, as it has none of its own
     */
    public record Result(List<GeoFeature> features, List<Refused> refused, int refusedCount, boolean numbered) {}

    /** @throws IOException when the file as a whole cannot be read; the message says what to do */
    public static Result read(Path file, LayerFormat format, Wish wish) throws IOException {
        Taking taking = new Taking(file, wish);
        format.read(file, wish.options(), taking);
        return taking.result();
    }

    /** Takes one feature after the other. */
    private static final class Taking implements FileSink {
        private final Path file;
        private final Wish wish;
        private final List<GeoFeature> features = new ArrayList<>();
        private final List<Refused> refused = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private int refusedCount;
        private boolean numbered;
        private MathTransform toLonLat;
        private Optional<String> system;

        Taking(Path file, Wish wish) {
            this.file = file;
            this.wish = wish;
            this.system = wish.crs();
        }

        Result result() {
            return new Result(List.copyOf(features), List.copyOf(refused), refusedCount, numbered);
        }

        @Override
        public void declared(String declared) {
            if (system.isEmpty()) {
                system = Optional.of(declared);
            }
        }

        @Override
        public void problem(LayerProblem problem) {
            refuse(problem, Optional.empty());
        }

        private void refuse(LayerProblem problem, Optional<Geometry> geometry) {
            refusedCount++;
            if (refused.size() < GeoJsonReader.MAX_PROBLEMS) {
                refused.add(new Refused(problem, geometry));
            }
        }

        @Override
        public void accept(SourceFeature feature) throws IOException {
            if (feature.number() > GeoJsonReader.MAX_FEATURES) {
                throw new IOException(file.getFileName() + " has more than " + GeoJsonReader.MAX_FEATURES
                        + " features; split it into several layers");
            }
            String id = id(feature);
            String reference = "feature " + feature.number() + (id == null ? "" : " (id " + id + ")");
            Optional<GeometryCheck.Wrong> wrong = GeometryCheck.raw(feature.geometry());
            Optional<Geometry> lonLat = wrong.isPresent() ? Optional.empty() : toLonLat(feature.geometry());
            if (wrong.isEmpty()) {
                wrong = lonLat.isEmpty()
                        ? Optional.of(new GeometryCheck.Wrong(Cause.OUT_OF_RANGE, GeometryCheck.at(feature.geometry())))
                        : check(lonLat.get());
            }
            GeoFeature made = wrong.isPresent() || id == null
                    ? null
                    : new GeoFeature(
                            wish.layer(), id, lonLat.get(), wish.mapping().apply(feature.properties()), 1);
            if (wrong.isEmpty()) {
                wrong = check(id, made);
            }
            if (wrong.isPresent()) {
                refuse(
                        new LayerProblem(
                                reference, wrong.get().cause(), wrong.get().detail()),
                        lonLat);
            } else {
                ids.add(id);
                features.add(made);
            }
        }

        private Optional<GeometryCheck.Wrong> check(Geometry lonLat) {
            Optional<GeometryCheck.Wrong> wrong = GeometryCheck.lonLat(lonLat);
            if (wrong.isEmpty() && !wish.area().reaches(lonLat.getEnvelopeInternal())) {
                return Optional.of(new GeometryCheck.Wrong(Cause.OUTSIDE_AREA, GeometryCheck.at(lonLat)));
            }
            return wrong;
        }

        private Optional<GeometryCheck.Wrong> check(String id, GeoFeature made) {
            if (id == null) {
                return wrong(Cause.NO_ID, "its attribute " + wish.mapping().id().orElse("id") + " is empty");
            }
            if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
                return wrong(Cause.BAD_ID, "its id has " + id.length() + " characters");
            }
            if (ids.contains(id)) {
                return wrong(Cause.DUPLICATE_ID, "the id " + id + " was there before");
            }
            for (String name : wish.required()) {
                if (made.properties().get(name) == null) {
                    return wrong(Cause.MISSING_ATTRIBUTE, "it has no " + name);
                }
            }
            return Optional.empty();
        }

        private static Optional<GeometryCheck.Wrong> wrong(Cause cause, String detail) {
            return Optional.of(new GeometryCheck.Wrong(cause, detail));
        }

        private String id(SourceFeature feature) {
            if (wish.mapping().id().isPresent()) {
                Object value = feature.properties().get(wish.mapping().id().get());
                return value == null ? null : value.toString().strip();
            }
            if (feature.id() != null) {
                return feature.id();
            }
            if (feature.properties().get("id") != null) {
                return feature.properties().get("id").toString().strip();
            }
            numbered = true;
            return Integer.toString(feature.number());
        }

        private Optional<Geometry> toLonLat(Geometry geometry) throws IOException {
            if (toLonLat == null) {
                toLonLat = transform();
            }
            try {
                Geometry moved = toLonLat.isIdentity() ? geometry.copy() : JTS.transform(geometry, toLonLat);
                moved.setSRID(0);
                return Optional.of(moved);
            } catch (TransformException e) {
                return Optional.empty();
            }
        }

        private MathTransform transform() throws IOException {
            if (system.isEmpty()) {
                throw new IOException(
                        file.getFileName() + " does not say its coordinate system; say it, such as EPSG:9213");
            }
            try {
                return Crs.transform(Crs.of(system.get()), Crs.LON_LAT);
            } catch (UnknownCrsException e) {
                throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
            }
        }
    }
}
