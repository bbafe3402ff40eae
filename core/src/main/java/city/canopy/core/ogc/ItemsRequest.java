package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.ProblemException;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.Validity;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Filter;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.query.FeaturePage.Place;
import city.canopy.geo.query.FeatureQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.locationtech.jts.geom.Envelope;

/**
 * What a request for the items of a layer asks for.
 *
 * @param query which features
 * @param place from where on
 * @param limit how many at most
 * @param crs in which system
 */
record ItemsRequest(FeatureQuery query, Place place, int limit, ServedCrs crs) {
    static final int DEFAULT_LIMIT = 10;
    /** More are never answered at once; who asks for more gets this many. */
    static final int MAX_LIMIT = 10_000;

    /** The parameters that are there for every layer. */
    static final Set<String> OWN = Set.of(
            "f",
            "bbox",
            "bbox-crs",
            "crs",
            "datetime",
            "limit",
            "offset",
            "cursor",
            "filter",
            "filter-lang",
            "filter-crs");

    static ItemsRequest of(Call call, ServedLayers layers, LayerDefinition layer, LayerSnapshot snapshot) {
        Map<String, Queryable> queryables = layers.queryables(layer, snapshot, false);
        refuseUnknown(call, queryables.keySet());
        List<Predicate<GeoFeature>> tests = new ArrayList<>();
        call.query("datetime").ifPresent(text -> {
            TimeSpan span = TimeSpan.parse(text, layers.zone());
            tests.add(feature -> span.meets(Validity.of(feature.properties(), layers.zone())));
        });
        call.queries().forEach((name, value) -> {
            if (!OWN.contains(name)) {
                tests.add(equality(queryables.get(name), value));
            }
        });
        Optional<Cql2Filter> filter = FilterParameter.of(call, queryables.values(), layers.zone());
        filter.ifPresent(one -> tests.add(one::holds));
        FeatureQuery query = new FeatureQuery(
                boxes(call),
                filter.flatMap(Cql2Filter::bound),
                filter.flatMap(Cql2Filter::ids),
                tests.stream().reduce(Predicate::and));
        return new ItemsRequest(query, place(call), limit(call), crs(call, "crs"));
    }

    private static void refuseUnknown(Call call, Set<String> queryables) {
        for (String name : call.queries().keySet()) {
            if (!OWN.contains(name) && !queryables.contains(name)) {
                throw ProblemException.badRequest(
                        "unknown_parameter",
                        "The parameter \"" + name + "\" is not known here. Known are: "
                                + String.join(", ", new java.util.TreeSet<>(OWN)) + " and the properties of the layer: "
                                + String.join(", ", queryables) + ".");
            }
        }
    }

    private static Predicate<GeoFeature> equality(Queryable queryable, String value) {
        String name = queryable.name();
        if (queryable.role() == Queryable.Role.ID) {
            return feature -> feature.id().equals(value);
        }
        return switch (queryable.kind()) {
            case TEXT ->
                feature -> {
                    Object own = feature.properties().get(name);
                    return own != null && own.toString().equals(value);
                };
            case NUMBER, WHOLE -> {
                double number = number(name, value);
                yield feature -> feature.properties().get(name) instanceof Number own && own.doubleValue() == number;
            }
            case BOOLEAN -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw bad(name, "true or false", value);
                }
                yield feature ->
                        Boolean.valueOf(value).equals(feature.properties().get(name));
            }
        };
    }

    /** @throws ProblemException 400 when the system is not served */
    static ServedCrs crs(Call call, String parameter) {
        return call.query(parameter)
                .map(uri -> ServedCrs.find(uri)
                        .orElseThrow(() -> ProblemException.badRequest(
                                "unknown_crs",
                                "The parameter \"" + parameter + "\" names no system that is served here: \"" + uri
                                        + "\". The collection lists those that are.")))
                .orElse(ServedCrs.crs84());
    }

    private static List<Envelope> boxes(Call call) {
        ServedCrs crs = crs(call, "bbox-crs");
        if (call.query("bbox").isEmpty()) {
            return List.of();
        }
        String text = call.query("bbox").get();
        String[] parts = text.split(",", -1);
        if (parts.length != 4 && parts.length != 6) {
            throw bad("bbox", "four numbers, or six with heights", text);
        }
        double[] n = new double[parts.length];
        for (int i = 0; i < n.length; i++) {
            n[i] = number("bbox", parts[i].strip());
        }
        int half = n.length / 2;
        if (n[1] > n[half + 1] || half == 3 && n[2] > n[5]) {
            throw bad("bbox", "the lower corner first", text);
        }
        if (n[0] <= n[half]) {
            return List.of(lonLat(crs, new Envelope(n[0], n[half], n[1], n[half + 1]), text));
        }
        if (!crs.isLonLat()) {
            throw bad("bbox", "the lower corner first", text);
        }
        // Over the antimeridian.
        return List.of(new Envelope(n[0], 180, n[1], n[half + 1]), new Envelope(-180, n[half], n[1], n[half + 1]));
    }

    private static Envelope lonLat(ServedCrs crs, Envelope box, String text) {
        try {
            return crs.toLonLat(box);
        } catch (IllegalArgumentException e) {
            throw bad("bbox", "a box in the system of \"bbox-crs\"", text);
        }
    }

    private static int limit(Call call) {
        return call.query("limit")
                .map(text -> (int) Math.min(MAX_LIMIT, whole("limit", 1, text)))
                .orElse(DEFAULT_LIMIT);
    }

    private static Place place(Call call) {
        Optional<Place> cursor = call.query("cursor").map(ItemsRequest::cursor);
        return cursor.orElseGet(() -> new Place.Offset(call.query("offset")
                .map(text -> (int) Math.min(Integer.MAX_VALUE, whole("offset", 0, text)))
                .orElse(0)));
    }

    private static Place cursor(String text) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            if (key.startsWith("a")) {
                return new Place.After(key.substring(1));
            }
            if (key.startsWith("b")) {
                return new Place.Before(key.substring(1));
            }
        } catch (IllegalArgumentException e) {
            throw bad("cursor", "taken from a link of another page", text);
        }
        throw bad("cursor", "taken from a link of another page", text);
    }

    static String after(GeoFeature last) {
        return key("a" + last.id());
    }

    static String before(GeoFeature first) {
        return key("b" + first.id());
    }

    private static String key(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long whole(String name, long least, String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(name, "a whole number from " + least + " on", text);
        }
        throw bad(name, "a whole number from " + least + " on", text);
    }

    private static double number(String name, String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(name, "a number", text);
        }
        throw bad(name, "a number", text);
    }

    private static ProblemException bad(String name, String expected, String text) {
        return ProblemException.badRequest(
                "bad_parameter", "The parameter \"" + name + "\" must be " + expected + ", not \"" + text + "\".");
    }
}
