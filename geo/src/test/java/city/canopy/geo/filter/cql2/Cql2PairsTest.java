package city.canopy.geo.filter.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSchema.Kind;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** OGC 21-065r2: each construct of the classes that are declared, as text and as JSON; both must find the same features. */
class Cql2PairsTest {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Map<String, Kind> PROPERTIES = properties();

    private static final List<GeoFeature> POLES = List.of(
            pole("a", 105.84, "name", "Đèn Phố", "watts", 150.0, "arms", 2L, "lit", true, "built", "2019-05-01"),
            pole(
                    "b",
                    105.85,
                    "name",
                    "đèn phổ",
                    "watts",
                    70.5,
                    "arms",
                    1L,
                    "lit",
                    false,
                    "built",
                    "2021-02-03",
                    "gone",
                    "2023-01-01"),
            pole("c", 105.86, "watts", 2.0, "arms", 2L, ":ref.no", "O'Hara", "chiê\u0300u_cao", 3.0),
            pole("d", 105.87, "name", "Lamp_1", "lit", true, "built", "2021-02-03T04:05:06.5Z"));

    private static Map<String, Kind> properties() {
        Map<String, Kind> all = new LinkedHashMap<>();
        all.put("name", Kind.TEXT);
        all.put("watts", Kind.NUMBER);
        all.put("arms", Kind.WHOLE);
        all.put("lit", Kind.BOOLEAN);
        all.put("built", Kind.TEXT);
        all.put("gone", Kind.TEXT);
        all.put(":ref.no", Kind.TEXT);
        all.put("chiê\u0300u_cao", Kind.NUMBER);
        return all;
    }

    private static GeoFeature pole(String id, double lon, Object... properties) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put((String) properties[i], properties[i + 1]);
        }
        return new GeoFeature("poles", id, GEOMETRIES.createPoint(new Coordinate(lon, 21.47)), all, 1);
    }

    private static String found(String filter, Language language) throws Cql2Exception {
        Cql2Filter parsed =
                Cql2Filter.parse(filter, language, PROPERTIES, ServedCrs.crs84(), ZoneId.of("Asia/Ho_Chi_Minh"));
        StringBuilder ids = new StringBuilder();
        POLES.stream().filter(parsed::holds).forEach(feature -> ids.append(feature.id()));
        return ids.toString();
    }

    private static void same(String text, String json, String expected) throws Cql2Exception {
        assertThat(found(text, Language.TEXT)).as(text).isEqualTo(expected);
        assertThat(found(json, Language.JSON)).as(json).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "arms = 2 | {'op':'=','args':[{'property':'arms'},2]} | ac",
                "lit = FALSE | {'op':'=','args':[{'property':'lit'},false]} | b",
                "lit <> true | {'op':'<>','args':[{'property':'lit'},true]} | b",
                "watts >= 7.05E1 | {'op':'>=','args':[{'property':'watts'},7.05E1]} | ab",
                "watts > -.5 | {'op':'>','args':[{'property':'watts'},-0.5]} | abc",
                "watts < +2. | {'op':'<','args':[{'property':'watts'},2.0]} | ~~",
                "name IS NULL | {'op':'isNull','args':[{'property':'name'}]} | c",
                "name IS NOT NULL | {'op':'not','args':[{'op':'isNull','args':[{'property':'name'}]}]} | abd",
                "geometry IS NULL | {'op':'isNull','args':[{'property':'geometry'}]} | ~~",
                "(arms > 1) IS NULL | {'op':'isNull','args':[{'op':'>','args':[{'property':'arms'},1]}]} | d",
                "built = DATE('2019-05-01') | {'op':'=','args':[{'property':'built'},{'date':'2019-05-01'}]} | a",
                "built >= TIMESTAMP('2021-02-03T04:05:06.50Z') |"
                        + " {'op':'>=','args':[{'property':'built'},{'timestamp':'2021-02-03T04:05:06.50Z'}]} | d",
                "NOT (arms = 2 AND lit = true) |"
                        + " {'op':'not','args':[{'op':'and','args':[{'op':'=','args':[{'property':'arms'},2]},"
                        + "{'op':'=','args':[{'property':'lit'},true]}]}]} | b",
                "arms = 1 OR arms = 2 AND lit = true |"
                        + " {'op':'or','args':[{'op':'=','args':[{'property':'arms'},1]},{'op':'and','args':["
                        + "{'op':'=','args':[{'property':'arms'},2]},{'op':'=','args':[{'property':'lit'},true]}]}]} | ab",
                "TRUE AND NOT FALSE | {'op':'and','args':[true,{'op':'not','args':[false]}]} | abcd",
                "\":ref.no\" = 'O''Hara' | {'op':'=','args':[{'property':':ref.no'},\"O'Hara\"]} | c",
                ":ref.no = 'O\\'Hara' | {'op':'=','args':[{'property':':ref.no'},\"O'Hara\"]} | c",
                "chiê\u0300u_cao\u00a0= 3 | {'op':'=','args':[{'property':'chiê\u0300u_cao'},3]} | c",
            })
    void basicCql2(String text, String json, String expected) throws Cql2Exception {
        same(text, json(json), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "name LIKE 'Lamp\\_%' | {'op':'like','args':[{'property':'name'},'Lamp\\\\_%']} | d",
                "name NOT LIKE '_èn%' | {'op':'not','args':[{'op':'like','args':[{'property':'name'},'_èn%']}]} | d",
                "watts BETWEEN 2 AND 70.5 | {'op':'between','args':[{'property':'watts'},2,70.5]} | bc",
                "watts NOT BETWEEN 2 AND 70.5 | {'op':'not','args':[{'op':'between','args':[{'property':'watts'},2,70.5]}]} | a",
                "arms NOT IN (1,3) | {'op':'not','args':[{'op':'in','args':[{'property':'arms'},[1,3]]}]} | ac",
                "built IN (DATE('2019-05-01')) | {'op':'in','args':[{'property':'built'},[{'date':'2019-05-01'}]]} | a",
                "lit IN (true) | {'op':'in','args':[{'property':'lit'},[true]]} | ad",
                "CASEI(name) IN (CASEI('ĐÈN PHỐ'),CASEI('LAMP_1')) |"
                        + " {'op':'in','args':[{'op':'casei','args':[{'property':'name'}]},"
                        + "[{'op':'casei','args':['ĐÈN PHỐ']},{'op':'casei','args':['LAMP_1']}]]} | ad",
                "casei(name) LIKE CASEI('LAMP%') |"
                        + " {'op':'like','args':[{'casei':{'property':'name'}},{'casei':'LAMP%'}]} | d",
                "ACCENTI(name) = ACCENTI('đen phò') |"
                        + " {'op':'=','args':[{'accenti':{'property':'name'}},{'op':'accenti','args':['đen phò']}]} | b",
                "ACCENTI(CASEI(name)) = ACCENTI(CASEI('DEN PHO')) |"
                        + " {'op':'=','args':[{'op':'accenti','args':[{'casei':{'property':'name'}}]},"
                        + "{'accenti':{'op':'casei','args':['DEN PHO']}}]} | ab",
                "watts = arms | {'op':'=','args':[{'property':'watts'},{'property':'arms'}]} | c",
                "100 < watts | {'op':'<','args':[100,{'property':'watts'}]} | a",
                "'a' = 'a' | {'op':'=','args':['a','a']} | abcd",
                "(arms > 1) = lit | {'op':'=','args':[{'op':'>','args':[{'property':'arms'},1]},{'property':'lit'}]} | ab",
                "S_INTERSECTS(geometry,POINT(105.86 21.47)) = TRUE |"
                        + " {'op':'=','args':[{'op':'s_intersects','args':[{'property':'geometry'},"
                        + "{'type':'Point','coordinates':[105.86,21.47]}]},true]} | c",
                "watts = arms ^ 2 - 4 / 2 |"
                        + " {'op':'=','args':[{'property':'watts'},{'op':'-','args':[{'op':'^','args':[{'property':'arms'},2]},"
                        + "{'op':'/','args':[4,2]}]}]} | c",
                "arms * -1 + 3 = watts div 70 |"
                        + " {'op':'=','args':[{'op':'+','args':[{'op':'*','args':[{'property':'arms'},-1]},3]},"
                        + "{'op':'div','args':[{'property':'watts'},70]}]} | ~~",
                "watts % 100 = 50 | {'op':'=','args':[{'op':'%','args':[{'property':'watts'},100]},50]} | a",
            })
    void comparisonsAndArithmetic(String text, String json, String expected) throws Cql2Exception {
        same(text, json(json), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "S_INTERSECTS(geometry,BBOX(105.845,21,0,105.865,22,9)) |"
                        + " {'op':'s_intersects','args':[{'property':'geometry'},{'bbox':[105.845,21,0,105.865,22,9]}]} | bc",
                "S_INTERSECTS(geometry,BBOX(105.855,-10,-170,30)) |"
                        + " {'op':'s_intersects','args':[{'property':'geometry'},{'bbox':[105.855,-10,-170,30]}]} | cd",
                "S_DISJOINT(geometry,LINESTRING(105.83 21.47,105.855 21.47)) |"
                        + " {'op':'s_disjoint','args':[{'property':'geometry'},"
                        + "{'type':'LineString','coordinates':[[105.83,21.47],[105.855,21.47]]}]} | cd",
                "S_WITHIN(geometry,MULTILINESTRING((105.83 21.47,105.845 21.47),(105.865 21.47,105.88 21.47))) |"
                        + " {'op':'s_within','args':[{'property':'geometry'},{'type':'MultiLineString','coordinates':"
                        + "[[[105.83,21.47],[105.845,21.47]],[[105.865,21.47],[105.88,21.47]]]}]} | ad",
                "S_EQUALS(POINT Z(105.85 21.47 1),geometry) |"
                        + " {'op':'s_equals','args':[{'type':'Point','coordinates':[105.85,21.47,1]},{'property':'geometry'}]} | b",
                "S_TOUCHES(geometry,POLYGON((105.85 21.47,105.87 21.46,105.87 21.48,105.85 21.47))) |"
                        + " {'op':'s_touches','args':[{'property':'geometry'},{'type':'Polygon','coordinates':"
                        + "[[[105.85,21.47],[105.87,21.46],[105.87,21.48],[105.85,21.47]]]}]} | bd",
                "S_CONTAINS(MULTIPOLYGON(((105.85 21.47,105.87 21.46,105.87 21.48,105.85 21.47))),geometry) |"
                        + " {'op':'s_contains','args':[{'type':'MultiPolygon','coordinates':"
                        + "[[[[105.85,21.47],[105.87,21.46],[105.87,21.48],[105.85,21.47]]]]},{'property':'geometry'}]} | c",
                "S_INTERSECTS(geometry,GEOMETRYCOLLECTION(POINT(105.84 21.47),LINESTRING(105.86 21,105.86 22))) |"
                        + " {'op':'s_intersects','args':[{'property':'geometry'},{'type':'GeometryCollection','geometries':["
                        + "{'type':'Point','coordinates':[105.84,21.47]},"
                        + "{'type':'LineString','coordinates':[[105.86,21],[105.86,22]]}]}]} | ac",
                "S_CROSSES(LINESTRING(0 0,2 2),LINESTRING(0 2,2 0)) AND S_OVERLAPS(BBOX(0,0,2,2),BBOX(1,1,3,3)) |"
                        + " {'op':'and','args':[{'op':'s_crosses','args':[{'type':'LineString','coordinates':[[0,0],[2,2]]},"
                        + "{'type':'LineString','coordinates':[[0,2],[2,0]]}]},"
                        + "{'op':'s_overlaps','args':[{'bbox':[0,0,2,2]},{'bbox':[1,1,3,3]}]}]} | abcd",
                "T_AFTER(built,DATE('2020-01-01')) | {'op':'t_after','args':[{'property':'built'},{'date':'2020-01-01'}]} | bd",
                "T_DURING(INTERVAL(built,gone),INTERVAL('2020-01-01','..')) |"
                        + " {'op':'t_during','args':[{'interval':[{'property':'built'},{'property':'gone'}]},"
                        + "{'interval':['2020-01-01','..']}]} | b",
                "T_STARTEDBY(INTERVAL(built,'..'),INTERVAL('2019-05-01','2020-01-01')) |"
                        + " {'op':'t_startedBy','args':[{'interval':[{'property':'built'},'..']},"
                        + "{'interval':['2019-05-01','2020-01-01']}]} | a",
                "T_METBY(INTERVAL('2023-01-01','2024-01-01'),INTERVAL(built,gone)) |"
                        + " {'op':'t_metBy','args':[{'interval':['2023-01-01','2024-01-01']},"
                        + "{'interval':[{'property':'built'},{'property':'gone'}]}]} | b",
            })
    void placesAndTimes(String text, String json, String expected) throws Cql2Exception {
        same(text, json(json), expected);
    }

    /** What the abstract tests of the standard ask, with queryables of ours in the place of theirs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "name LIKE '%' | abd",
                "name like '%%' | abd",
                "name like '_%' | abd",
                "name like '' | ~~",
                "name like '\\\\%\\\\_' | ~~",
                "name NOT LIKE 'L_m%' | ab",
                "watts between 100.0 and 1.0 | ~~",
                "watts BETWEEN 0 AND 100 | bc",
                "2 between arms and watts | abc",
                "watts not between arms and 100 | a",
                "name in ('foo', 'bar') | ~~",
                "arms IN (1, 2, 3) | abc",
                "lit not in (false) | ad",
                "built in ('2019-05-01', '2021-02-03') | ab",
                "\"built\" not in (DATE('2019-05-01'),DATE('2022-04-16')) | bd",
                "built in (TIMESTAMP('2021-02-03T04:05:06.500Z')) | d",
                "'København' LIKE 'K_benhavn' | abcd",
                "'København' NOT LIKE 'K_benhavn' | ~~",
                "CASEI(name)=casei('lAMP_1') | d",
                "CASEI(name) <> casei('LAMP_1') | ab",
                "CASEI('KØBENHAVN')=casei('københavn') | abcd",
                "ACCENTI('København')=accenti('Kobenhavn') | abcd",
                "ACCENTI(CASEI('KØBENHAVN'))=accenti(casei('kobenhavn')) | abcd",
                "ACCENTI(CASEI('Łódź')) LIKE accenti(casei('LÓ%')) | abcd",
                "ACCENTI(CASEI(name)) LIKE accenti(casei('ĐÉN%')) | ab",
                "ACCENTI(CASEI(name)) IN (accenti(casei('Đen phò')), accenti(casei('foo'))) | ab",
                "ACCENTI(name) <> accenti('đen pho') | ad",
                "true > lit | b",
                "true <= lit | ad",
                "lit < lit | ~~",
                "lit >= lit | abd",
                "true <> true | ~~",
                "3.14 <= 3.14 | abcd",
                "'foo' >= 'foo' | abcd",
                "TIMESTAMP('2022-04-14T14:48:46Z') = TIMESTAMP('2022-04-14T14:48:46Z') | abcd",
                "DATE('2022-04-14') < DATE('2022-04-14') | ~~",
                "date('2021-02-03') >= built | ab",
                "'Lamp_1' >= name | d",
                "built<>gone | b",
                "t_after(date('2020-01-01'),built) | a",
                "t_before(interval('2019-06-01','2020-12-31'),\"built\") | bd",
                "t_equals(interval('2019-05-01','2019-05-01'),built) | a",
                "T_DURING(interval('2021-06-01','2022-12-31'),interval(built,gone)) | b",
                "S_INTERSECTS(geometry,BBOX(-180,-90,180,90)) | abcd",
                "S_DISJOINT(geometry,BBOX(-180,-90,180,90)) | ~~",
                "S_DISJOINT(POINT(105.85 21.47),geometry) | acd",
                "S_WITHIN(geometry,POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))) | abcd",
                "S_WITHIN(geometry,MULTIPOINT(105.84 21.47,10 51)) | a",
                "S_CONTAINS(geometry,MULTIPOINT(7 50,10 51)) | ~~",
                "S_CONTAINS(BBOX(105.855,-90,180,90),geometry) | cd",
                "S_WITHIN(POINT(105.86 21.47),geometry) | c",
                "S_CROSSES(geometry,LINESTRING(7 50,10 51)) | ~~",
                "S_TOUCHES(LINESTRING(105.84 21.47,105.855 21.47),geometry) | a",
                "S_OVERLAPS(geometry,MULTIPOINT(7 50,10 51)) | ~~",
                "S_EQUALS(geometry,LINESTRING(7 50,10 51)) | ~~",
                "S_INTERSECTS(geometry,POLYGON((105 21,106 21,106 22,105 22,105 21),"
                        + "(105.845 21.4,105.865 21.4,105.865 21.5,105.845 21.5,105.845 21.4))) | ad",
                "S_INTERSECTS(geometry,BBOX(105.83,21,105.855,22)) and not S_INTERSECTS(geometry,BBOX(105.845,21,106,22)) | a",
                "((NOT name LIKE '_èn%' AND lit = true) OR (watts between 0 and 100 and NOT arms in (1))"
                        + " or not (name LIKE '_èn%' AND arms in (1))) | acd",
            })
    void theFormsOfTheAbstractTests(String text, String expected) throws Cql2Exception {
        assertThat(found(text, Language.TEXT)).isEqualTo(expected);
    }

    /** Single quotes in a table stand for the double ones of JSON, except inside a text with double ones of its own. */
    private static String json(String written) {
        StringBuilder json = new StringBuilder();
        boolean own = false;
        for (char c : written.toCharArray()) {
            own ^= c == '"';
            json.append(c == '\'' && !own ? '"' : c);
        }
        return json.toString();
    }
}
