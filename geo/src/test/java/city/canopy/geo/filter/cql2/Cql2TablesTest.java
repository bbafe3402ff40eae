package city.canopy.geo.filter.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSchema.Kind;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * OGC 21-065r2, the tables of its abstract tests over six towns of our own: each form of predicate finds the towns it must, and
 * so does each combination of four of them by AND, OR and NOT, where some are unknown for some towns.
 */
class Cql2TablesTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Map<String, Kind> PROPERTIES = properties();
    private static final String NAMES = "name nameascii people low high date start end boolean";

    /** One letter after the other, from west to east; "-" is nothing. */
    private static final List<GeoFeature> TOWNS = List.of(
            town("a", "Hà Nội", "Ha Noi", 500L, 400.0, 800.0, "-", "-", "-", "-"),
            town(
                    "b",
                    "Huế",
                    "Hue",
                    100L,
                    100.0,
                    100.0,
                    "2021-04-16",
                    "2021-04-16T10:15:59Z",
                    "2022-04-16T10:16:06Z",
                    true),
            town(
                    "c",
                    "Vinh",
                    "Vinh",
                    300L,
                    250.0,
                    280.0,
                    "2022-04-16",
                    "2022-04-16T10:13:19Z",
                    "2022-04-16T10:15:10Z",
                    false),
            town(
                    "d",
                    "København",
                    "Kobenhavn",
                    1000L,
                    900.0,
                    1100.0,
                    "2023-04-16",
                    "2022-04-16T10:15:10Z",
                    "2022-12-31T00:00:00Z",
                    true),
            town("e", "-", "-", 50L, 60.0, 40.0, "-", "-", "-", "-"),
            town("f", "Đà Nẵng", "Da Nang", "-", 1.0, 2.0, "-", "-", "-", "-"));

    /** Predicates, and for each town whether it holds: T true, F false, U unknown. */
    private static final Map<String, String> PREDICATES = predicates();

    private static Map<String, Kind> properties() {
        Map<String, Kind> all = new LinkedHashMap<>();
        List.of("name", "nameascii", "date", "start", "end").forEach(name -> all.put(name, Kind.TEXT));
        all.put("people", Kind.WHOLE);
        all.put("low", Kind.NUMBER);
        all.put("high", Kind.NUMBER);
        all.put("boolean", Kind.BOOLEAN);
        return all;
    }

    private static Map<String, String> predicates() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("name<>'København'", "TTTFUT");
        all.put("name IS NULL", "FFFFTF");
        all.put("people>=300", "TFTTFU");
        all.put("people between low and high", "TTFTFU");
        all.put("people not in (100+400,3*100)", "FTFTTU");
        all.put("CASEI(name) LIKE casei('h%')", "TTFFUF");
        all.put("t_after(\"date\",interval('2022-01-01','2022-12-31'))", "UFFTUU");
        all.put("boolean=true", "UTFTUU");
        all.put("S_INTERSECTS(BBOX(0,-1,2.5,1),geometry)", "TTFFFF");
        return all;
    }

    private static GeoFeature town(String id, Object... values) {
        Map<String, Object> own = new LinkedHashMap<>();
        String[] names = NAMES.split(" ");
        for (int i = 0; i < names.length; i++) {
            if (!values[i].equals("-")) {
                own.put(names[i], values[i]);
            }
        }
        int place = id.charAt(0) - 'a' + 1;
        return new GeoFeature("towns", id, GEOMETRIES.createPoint(new Coordinate(place, 0)), own, 1);
    }

    private static String found(String filter) throws Cql2Exception {
        Cql2Filter parsed =
                Cql2Filter.parse(filter, Language.TEXT, PROPERTIES, ServedCrs.crs84(), ZoneId.of("Asia/Ho_Chi_Minh"));
        StringBuilder ids = new StringBuilder();
        TOWNS.stream().filter(parsed::holds).forEach(feature -> ids.append(feature.id()));
        return ids.toString();
    }

    @Test
    void eachPredicateHoldsWhereItMustAndItsNegationWhereItIsFalse() throws Cql2Exception {
        for (Map.Entry<String, String> one : PREDICATES.entrySet()) {
            assertThat(found(one.getKey())).as(one.getKey()).isEqualTo(where(one.getValue(), 'T'));
            assertThat(found("not (" + one.getKey() + ")"))
                    .as("not %s", one.getKey())
                    .isEqualTo(where(one.getValue(), 'F'));
        }
    }

    private static String where(String truths, char truth) {
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < truths.length(); i++) {
            ids.append(truths.charAt(i) == truth ? TOWNS.get(i).id() : "");
        }
        return ids.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCombinationOfFourHoldsByTheLogicOfThree(boolean ofBasicCql2) throws Cql2Exception {
        List<String> all = new ArrayList<>(PREDICATES.keySet());
        int combinations = 0;
        for (String p1 : all) {
            for (String p2 : all) {
                for (String p3 : all) {
                    for (String p4 : all) {
                        String filter = ofBasicCql2
                                ? "(NOT (" + p2 + ") AND " + p1 + ") OR (" + p3 + " and " + p4 + ") or not (" + p1
                                        + " OR " + p4 + ")"
                                : "((NOT " + p1 + " AND " + p2 + ") OR (" + p3 + " and NOT " + p4 + ") or not (" + p1
                                        + " AND " + p4 + "))";
                        StringBuilder expected = new StringBuilder();
                        for (int i = 0; i < TOWNS.size(); i++) {
                            int truth = combined(ofBasicCql2, at(p1, i), at(p2, i), at(p3, i), at(p4, i));
                            expected.append(truth > 0 ? TOWNS.get(i).id() : "");
                        }
                        assertThat(found(filter)).as(filter).isEqualTo(expected.toString());
                        combinations++;
                    }
                }
            }
        }
        assertThat(combinations).isEqualTo((int) Math.pow(PREDICATES.size(), 4));
    }

    /** True is 1, unknown 0, false -1: AND is the least of both, OR the greatest, NOT the opposite. */
    private static int combined(boolean ofBasicCql2, int p1, int p2, int p3, int p4) {
        return ofBasicCql2
                ? Math.max(Math.max(Math.min(-p2, p1), Math.min(p3, p4)), -Math.max(p1, p4))
                : Math.max(Math.max(Math.min(-p1, p2), Math.min(p3, -p4)), -Math.min(p1, p4));
    }

    private static int at(String predicate, int town) {
        return "FUT".indexOf(PREDICATES.get(predicate).charAt(town)) - 1;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "name='København' | d",
                "name>='København' | cdf",
                "name<='København' | abd",
                "name<'København' | ab",
                "'København'<=name | cdf",
                "'København'>name | ab",
                "name=nameascii | c",
                "name>nameascii | abdf",
                "name<nameascii | ~~",
                "name<=nameascii | c",
                "people<>300 | abde",
                "300<>people | abde",
                "300<people | ad",
                "low=high | b",
                "low<>high | acdef",
                "low>high | e",
                "\"date\" IS NOT NULL | bcd",
                "\"date\"=DATE('2022-04-16') | c",
                "\"date\"<>DATE('2022-04-16') | bd",
                "\"date\" in (DATE('2021-04-16'),DATE('2022-04-16'),DATE('2022-04-18')) | bc",
                "\"date\" not in (DATE('2021-04-16'),DATE('2022-04-16'),DATE('2022-04-18')) | d",
                "start=TIMESTAMP('2022-04-16T10:13:19Z') | c",
                "start=TIMESTAMP('2022-04-16T17:13:19+07:00') | c",
                "start not in (TIMESTAMP('2022-04-16T10:13:19Z')) | bd",
                "start=end | ~~",
                "name>'København' | cf",
                "start<=TIMESTAMP('2022-04-16T10:13:19Z') | bc",
                "start<end | bcd",
                "boolean=false | c",
                "boolean in (true) | bd",
                "boolean not in (false) | bd",
                "boolean IS NULL | aef",
                "true | abcdef",
                "false | ~~",
                "name LIKE 'V_n%' | c",
                "name NOT LIKE 'V_n%' | abdf",
                "people not between low and high | ce",
                "'København' NOT LIKE 'K_benhavn' | ~~",
                "CASEI(name)=casei('KØBENHAVN') | d",
                "ACCENTI(CASEI(name)) IN (accenti(casei('KOBENHAVN')),accenti(casei('HUE'))) | bd",
            })
    void comparisons(String filter, String expected) throws Cql2Exception {
        assertThat(found(filter)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "people=290+10 | c",
                "people>=302-2*2^0 | acd",
                "people>302-20/10 | ad",
                "people>302-21 div 10 | ad",
                "people>301-5%2 | ad",
                "people<=212+8*11 | bce",
                "people<292+2^3 | be",
                "people<>302-2^1 | abde",
                "290+10=people | c",
                "people=10-7-3+300 | c",
                "people=2400/4/2 | c",
                "people=2*3+2*147 | c",
                "people=2*(3+147) | c",
                "people=-2^2+304 | ~~",
                "people=(-2)^2+296 | c",
                "-people<-300 | ad",
                "people-200>-people+400 | ad",
                "people div 7=42 | c",
                "-people div 7=-42 | c",
                "-people % 7=-6 | cd",
                "people/(people-300)>0 | ad",
                "people between 1000/4 and (3*(90+10)) | c",
                "people not between 1000/4 and (3*(90+10)) | abde",
                "people in (100+400,3*100) | ac",
                "high-low=people-100 | ab",
                "low*high=people^2 | b",
            })
    void arithmetic(String filter, String expected) throws Cql2Exception {
        assertThat(found(filter)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "t_after(\"date\",date('2022-04-16')) | d",
                "t_before(\"date\",date('2022-04-16')) | b",
                "t_disjoint(\"date\",date('2022-04-16')) | bd",
                "t_equals(\"date\",date('2022-04-16')) | c",
                "t_intersects(\"date\",date('2022-04-16')) | c",
                "t_after(\"date\",interval('2022-01-01','2022-12-31')) | d",
                "t_before(\"date\",interval('2022-01-01','2022-12-31')) | b",
                "t_disjoint(\"date\",interval('2022-01-01','2022-12-31')) | bd",
                "t_equals(\"date\",interval('2022-01-01','2022-12-31')) | ~~",
                "t_equals(\"date\",interval('2022-04-16','2022-04-16')) | c",
                "t_intersects(\"date\",interval('2022-01-01','2022-12-31')) | c",
                "t_after(date('2022-04-16'),\"date\") | b",
                "t_before(interval('2022-01-01','2022-12-31'),\"date\") | d",
                "t_after(start,timestamp('2022-04-16T10:13:19Z')) | d",
                "t_disjoint(start,interval('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z')) | b",
                "t_after(interval(start,end),interval('..','2022-04-16T10:13:19Z')) | d",
                "t_before(interval(start,end),interval('2022-06-01T00:00:00Z','..')) | bc",
                "t_disjoint(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:09Z')) | d",
                "t_equals(interval(start,end),interval('2021-04-16T10:15:59Z','2022-04-16T10:16:06Z')) | b",
                "t_intersects(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:09Z')) | bc",
                "T_CONTAINS(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z')) | b",
                "T_DURING(interval(start,end),interval('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z')) | cd",
                "T_FINISHES(interval(start,end),interval('2022-04-16T10:10:19Z','2022-04-16T10:15:10Z')) | c",
                "T_FINISHEDBY(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:16:06Z')) | b",
                "T_MEETS(interval(start,end),interval('2022-04-16T10:15:10Z','..')) | c",
                "T_METBY(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z')) | d",
                "T_OVERLAPPEDBY(interval(start,end),interval('2020-04-16T10:13:19Z','2022-04-16T10:15:00Z')) | bc",
                "T_OVERLAPS(interval(start,end),interval('2022-04-16T10:13:19Z','2023-04-16T10:15:10Z')) | b",
                "T_STARTEDBY(interval(start,end),interval('2022-04-16T10:15:10Z','2022-04-16T10:15:11Z')) | d",
                "T_STARTS(interval(start,end),interval('2022-04-16T10:13:19Z','2022-04-17T10:15:10Z')) | c",
                "T_STARTS(interval('2022-04-16T10:13:19Z','2022-04-16T10:15:00Z'),interval(start,end)) | c",
                "T_MEETS(interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z'),interval(start,end)) | d",
                "T_DURING(interval('2022-07-01T00:00:00Z','2022-08-01T00:00:00Z'),interval(start,end)) | d",
                "T_INTERSECTS(interval(start,'..'),interval('..','2021-12-31T00:00:00Z')) | b",
                "T_DISJOINT(interval('..',start),interval(end,'..')) | bcd",
            })
    void times(String filter, String expected) throws Cql2Exception {
        assertThat(found(filter)).isEqualTo(expected);
    }
}
