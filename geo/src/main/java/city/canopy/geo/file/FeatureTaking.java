package city.canopy.geo.file;

import city.canopy.geo.crs.Crs;
import city.canopy.geo.crs.UnknownCrsException;
import city.canopy.geo.file.FeatureCheck.Wrong;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.TransformException;
import org.geotools.geometry.jts.JTS;
import org.locationtech.jts.geom.Geometry;

/** Takes one feature of a file after the other into a layer's form. */
final class FeatureTaking implements FileSink {
    private static final int MAX_ID_LENGTH = 200;

    private final Path file;
    private final LayerImport.Wish wish;
    private final IntConsumer seen;
    private final List<GeoFeature> features = new ArrayList<>();
    private final List<LayerImport.Refused> refused = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final NumberKinds numbers = new NumberKinds();
    private int refusedCount;
    private long vertices;
    private boolean numbered;
    private MathTransform toLonLat;
    private Optional<String> system;

    FeatureTaking(Path file, LayerImport.Wish wish, IntConsumer seen) {
        this.file = file;
        this.wish = wish;
        this.seen = seen;
        this.system = wish.crs();
    }

    LayerImport.Result result() {
        return new LayerImport.Result(numbers.alike(features), List.copyOf(refused), refusedCount, numbered);
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
            refused.add(new LayerImport.Refused(problem, geometry));
        }
    }

    @Override
    public void accept(SourceFeature feature) throws IOException {
        if (feature.number() > GeoJsonReader.MAX_FEATURES) {
            throw new IOException(file.getFileName() + " has more than " + GeoJsonReader.MAX_FEATURES
                    + " features; split it into several layers");
        }
        String id = id(feature);
        String reference = "feature " + feature.number() + (id == null ? "" : " (id " + shortened(id) + ")");
        Optional<Wrong> wrong = GeometryCheck.raw(feature.geometry());
        Optional<Geometry> lonLat = wrong.isPresent() ? Optional.empty() : toLonLat(feature.geometry());
        if (wrong.isEmpty()) {
            wrong = place(feature.geometry(), lonLat);
        }
        GeoFeature made = wrong.isPresent() || id == null ? null : made(id, lonLat.get(), feature);
        if (wrong.isEmpty()) {
            wrong = check(id, made);
        }
        if (wrong.isPresent()) {
            refuse(new LayerProblem(reference, wrong.get().cause(), wrong.get().detail()), lonLat);
        } else {
            take(made);
        }
        seen.accept(features.size() + refusedCount);
    }

    private GeoFeature made(String id, Geometry lonLat, SourceFeature feature) {
        Map<String, Object> properties = new LinkedHashMap<>(wish.mapping().apply(feature.properties()));
        wish.constants().forEach(properties::putIfAbsent);
        properties.replaceAll((name, value) -> value instanceof Double number ? (Double) (number + 0.0) : value);
        return new GeoFeature(wish.layer(), id, Rings.turned(lonLat), properties, 1);
    }

    private void take(GeoFeature made) throws IOException {
        vertices += made.geometry().getNumPoints();
        if (vertices > LayerImport.MAX_VERTICES_IN_ALL) {
            throw new IOException(file.getFileName() + " has more than " + LayerImport.MAX_VERTICES_IN_ALL
                    + " vertices in all; split it, or simplify its shapes");
        }
        ids.add(made.id());
        numbers.see(made);
        features.add(made);
    }

    /** What is wrong with where a feature lies: it, as it stands in the file, and in lon/lat where it can be put there. */
    private Optional<Wrong> place(Geometry geometry, Optional<Geometry> lonLat) throws IOException {
        boolean reached = lonLat.isPresent() && reaches(lonLat.get());
        if (!reached
                && toLonLat(GeometryCheck.swapped(geometry))
                        .filter(this::reaches)
                        .isPresent()) {
            return wrong(Cause.SWAPPED_AXES, GeometryCheck.at(geometry));
        }
        Optional<Wrong> wrong = lonLat.isEmpty()
                ? wrong(Cause.OUT_OF_RANGE, GeometryCheck.at(geometry))
                : GeometryCheck.lonLat(lonLat.get());
        return wrong.isPresent() || reached ? wrong : wrong(Cause.OUTSIDE_AREA, GeometryCheck.at(lonLat.get()));
    }

    private boolean reaches(Geometry lonLat) {
        return wish.area().reaches(lonLat.getEnvelopeInternal());
    }

    private Optional<Wrong> check(String id, GeoFeature made) {
        if (id == null) {
            return wrong(Cause.NO_ID, "its attribute " + wish.mapping().id().orElse("id") + " is empty");
        }
        if (id.isBlank() || id.length() > MAX_ID_LENGTH || !isPlain(id)) {
            return wrong(
                    Cause.BAD_ID,
                    isPlain(id)
                            ? "its id has " + id.length() + " characters"
                            : "its id holds a character that is none (U+0000, or half of a pair)");
        }
        if (ids.contains(id)) {
            return wrong(Cause.DUPLICATE_ID, "the id " + id + " was there before");
        }
        for (String name : wish.required()) {
            if (made.properties().get(name) == null) {
                return wrong(Cause.MISSING_ATTRIBUTE, "it has no " + name);
            }
        }
        Optional<Wrong> wrong = check(made.properties());
        return wrong.isPresent() ? wrong : wish.fit().check(made);
    }

    private static Optional<Wrong> check(Map<String, Object> properties) {
        if (properties.size() > LayerImport.MAX_PROPERTIES) {
            return wrong(
                    Cause.BAD_PROPERTIES,
                    "it has " + properties.size() + " attributes, more than " + LayerImport.MAX_PROPERTIES);
        }
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            String name = property.getKey();
            String text = property.getValue() instanceof String value ? value : "";
            if (text.length() > LayerImport.MAX_TEXT) {
                return wrong(
                        Cause.BAD_PROPERTIES,
                        "its attribute " + name + " has " + text.length() + " characters, more than "
                                + LayerImport.MAX_TEXT);
            }
            if (!isPlain(text) || !isPlain(name)) {
                return wrong(
                        Cause.BAD_PROPERTIES,
                        "its attribute " + name.replace("\0", "") + " holds a character that is none"
                                + " (U+0000, or half of a pair)");
            }
        }
        return Optional.empty();
    }

    /** Whether a text can be stored and written: no U+0000, no half of a surrogate pair. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String shortened(String id) {
        return id.length() <= MAX_ID_LENGTH ? id : id.substring(0, MAX_ID_LENGTH) + "…";
    }

    private static Optional<Wrong> wrong(Cause cause, String detail) {
        return Optional.of(new Wrong(cause, detail));
    }

    private String id(SourceFeature feature) {
        if (wish.mapping().id().isPresent()) {
            Object value = feature.properties().get(wish.mapping().id().get());
            return value == null ? null : written(value);
        }
        if (feature.id() != null) {
            return feature.id();
        }
        if (feature.properties().get("id") != null) {
            return written(feature.properties().get("id"));
        }
        numbered = true;
        return Integer.toString(feature.number());
    }

    /** As people write it: a whole number without a fraction, and none with an exponent. */
    private static String written(Object id) {
        return id instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : id.toString().strip();
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
