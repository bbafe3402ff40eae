package city.canopy.geo.filter.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerSchema.Kind;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/**
 * OGC 21-065r2, the spatial functions: each of them with each type of geometry on either side, as text and as JSON, against what
 * JTS says of the same two geometries by its older algorithm.
 */
class Cql2GeometriesTest {
    private static final Map<String, Kind> PROPERTIES = Map.of("name", Kind.TEXT);

    private static final Map<String, BiPredicate<Geometry, Geometry>> RELATIONS = Map.of(
            "s_intersects", Geometry::intersects,
            "s_disjoint", Geometry::disjoint,
            "s_within", Geometry::within,
            "s_contains", Geometry::contains,
            "s_touches", Geometry::touches,
            "s_crosses", Geometry::crosses,
            "s_overlaps", Geometry::overlaps,
            "s_equals", Geometry::equalsTopo);

    private static final List<String> GEOMETRIES = List.of(
            "POINT (2 2)",
            "POINT (7 7)",
            "MULTIPOINT ((2 2), (7 7))",
            "MULTIPOINT ((0 0), (2 2), (9 9))",
            "LINESTRING (0 0, 4 4)",
            "LINESTRING (0 4, 4 0)",
            "LINESTRING (2 2, 4 4, 6 4)",
            "MULTILINESTRING ((0 0, 1 1), (4 4, 9 4))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            "POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))",
            "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))",
            "POLYGON ((-1 -1, 9 -1, 9 9, -1 9, -1 -1), (1 1, 5 1, 5 5, 1 5, 1 1))",
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((6 6, 8 6, 8 8, 6 8, 6 6), (6.5 6.5, 7.5 6.5, 7.5 7.5, 6.5 7.5, 6.5 6.5)))");

    /** The older algorithm answers for collections only whether they meet: they do where one of their parts does. */
    private static final List<String> COLLECTIONS = List.of(
            "GEOMETRYCOLLECTION (POINT (7 7), LINESTRING (0 4, 4 0))",
            "GEOMETRYCOLLECTION (POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0)), POINT (2 2))");

    private static final String BOX = "POLYGON ((1 1, 1 6, 6 6, 6 1, 1 1))";

    private static Geometry read(String text) {
        try {
            return new WKTReader().read(text);
        } catch (ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Cql2Filter parse(String filter, Language language) throws Cql2Exception {
        return Cql2Filter.parse(filter, language, PROPERTIES, ServedCrs.crs84(), ZoneOffset.UTC);
    }

    private static void check(Cql2Filter filter, String own, boolean expected, String what) {
        GeoFeature feature = new GeoFeature("shapes", "s", read(own), Map.of(), 1);
        assertThat(filter.holds(feature)).as("%s of %s", what, own).isEqualTo(expected);
        filter.bound()
                .ifPresent(box -> assertThat(
                                !expected || box.intersects(feature.geometry().getEnvelopeInternal()))
                        .as("the index finds %s for %s", own, what)
                        .isTrue());
    }

    private static String json(String name, String left, String right) {
        return "{\"op\":\"" + name + "\",\"args\":[" + left + "," + right + "]}";
    }

    private static String geoJson(String text) {
        return GeoJsonWriter.toJson(read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s_intersects",
                "s_disjoint",
                "s_within",
                "s_contains",
                "s_touches",
                "s_crosses",
                "s_overlaps",
                "s_equals"
            })
    void everyFunctionTakesEveryTypeOnEitherSide(String name) throws Cql2Exception {
        String property = "{\"property\":\"geometry\"}";
        BiPredicate<Geometry, Geometry> relation = RELATIONS.get(name);
        for (String literal : GEOMETRIES) {
            List<Cql2Filter> onTheRight = List.of(
                    parse(name + "(geometry," + literal + ")", Language.TEXT),
                    parse(json(name, property, geoJson(literal)), Language.JSON));
            List<Cql2Filter> onTheLeft = List.of(
                    parse(name.toUpperCase(Locale.ROOT) + "(" + literal + ", geometry)", Language.TEXT),
                    parse(json(name, geoJson(literal), property), Language.JSON));
            for (String own : GEOMETRIES) {
                boolean right = relation.test(read(own), read(literal));
                boolean left = relation.test(read(literal), read(own));
                onTheRight.forEach(filter -> check(filter, own, right, name + " " + literal));
                onTheLeft.forEach(filter -> check(filter, own, left, literal + " " + name));
            }
        }
        for (String own : GEOMETRIES) {
            Cql2Filter text = parse(name + "(geometry,BBOX(1,1,6,6))", Language.TEXT);
            Cql2Filter json = parse(json(name, property, "{\"bbox\":[1,1,6,6]}"), Language.JSON);
            boolean expected = relation.test(read(own), read(BOX));
            List.of(text, json).forEach(filter -> check(filter, own, expected, name + " the box"));
            check(parse(name + "(geometry,geometry)", Language.TEXT), own, relation.test(read(own), read(own)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCollectionMeetsWhatOneOfItsPartsMeets(boolean meets) throws Cql2Exception {
        String name = meets ? "S_INTERSECTS" : "S_DISJOINT";
        for (String collection : COLLECTIONS) {
            for (String single : GEOMETRIES) {
                boolean expected = meets == meet(read(collection), read(single));
                check(parse(name + "(geometry," + collection + ")", Language.TEXT), single, expected, collection);
                check(parse(name + "(geometry," + single + ")", Language.TEXT), collection, expected, single);
                String json = json(name.toLowerCase(Locale.ROOT), geoJson(collection), "{\"property\":\"geometry\"}");
                check(parse(json, Language.JSON), single, expected, collection);
            }
        }
    }

    @Test
    void aCollectionIsWhatItIs() throws Cql2Exception {
        String collection = COLLECTIONS.get(0);
        for (String name : RELATIONS.keySet()) {
            boolean expected =
                    Set.of("s_contains", "s_equals", "s_intersects", "s_within").contains(name);
            check(parse(name + "(geometry," + collection + ")", Language.TEXT), collection, expected, name);
        }
    }

    private static boolean meet(Geometry collection, Geometry single) {
        for (int i = 0; i < collection.getNumGeometries(); i++) {
            if (collection.getGeometryN(i).intersects(single)) {
                return true;
            }
        }
        return false;
    }
}
