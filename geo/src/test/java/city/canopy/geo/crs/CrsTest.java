package city.canopy.geo.crs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.geotools.api.referencing.crs.CoordinateReferenceSystem;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.TransformException;
import org.geotools.referencing.CRS;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrsTest {
    private static final double CENTIMETRE = 0.01;

    @Test
    void the_province_s_vn_2000_zone_is_reached_to_a_centimetre() throws TransformException {
        double[] point = {105.85, 21.47};
        Crs.transform(Crs.LON_LAT, Crs.get("EPSG:9213")).transform(point, 0, point, 0, 1);
        assertThat(point[0]).isCloseTo(432_443.49, within(CENTIMETRE));
        assertThat(point[1]).isCloseTo(2_375_127.42, within(CENTIMETRE));
    }

    @Test
    void the_datum_shift_of_vn_2000_is_not_left_out() throws TransformException {
        double[] point = {105.85, 21.47};
        Crs.transform(Crs.LON_LAT, Crs.get("EPSG:4756")).transform(point, 0, point, 0, 1);
        double metersEast = (point[0] - 105.85) * 103_600;
        double metersNorth = (point[1] - 21.47) * 110_700;
        assertThat(Math.hypot(metersEast, metersNorth)).isBetween(150.0, 300.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EPSG:3405", "EPSG:3406", "EPSG:5896", "EPSG:5897", "EPSG:5898", "EPSG:5899", "EPSG:9205", "EPSG:9206",
                "EPSG:9207", "EPSG:9208", "EPSG:9209", "EPSG:9210", "EPSG:9211", "EPSG:9212", "EPSG:9213", "EPSG:9214",
                "EPSG:9215", "EPSG:9216", "EPSG:9217", "EPSG:9218", "EPSG:4756", "EPSG:32648", "EPSG:3857"
            })
    void every_vietnamese_system_takes_a_place_there_and_back(String code) throws TransformException {
        CoordinateReferenceSystem system = Crs.get(code);
        MathTransform there = Crs.transform(Crs.LON_LAT, system);
        MathTransform back = Crs.transform(system, Crs.LON_LAT);
        double[] point = {105.85, 21.47};
        there.transform(point, 0, point, 0, 1);
        back.transform(point, 0, point, 0, 1);
        assertThat(point[0]).isCloseTo(105.85, within(1e-7));
        assertThat(point[1]).isCloseTo(21.47, within(1e-7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPSG:4326", "EPSG:4756", "EPSG:9213"})
    void the_easterly_axis_comes_first(String code) {
        assertThat(CRS.getAxisOrder(Crs.get(code))).isEqualTo(CRS.AxisOrder.EAST_NORTH);
    }

    @Test
    void an_unknown_code_is_refused_with_a_hint() {
        assertThatThrownBy(() -> Crs.get("EPSG:999999"))
                .isInstanceOf(UnknownCrsException.class)
                .hasMessageContaining("EPSG:999999")
                .hasMessageContaining("EPSG:9213");
    }

    @Test
    void a_system_whose_datum_shift_is_unknown_is_refused_rather_than_put_224_m_off() throws Exception {
        CoordinateReferenceSystem esri = CRS.parseWKT("PROJCS[\"VN_2000_UTM_Zone_48N\",GEOGCS[\"GCS_VN_2000\","
                + "DATUM[\"D_Vietnam_2000\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],"
                + "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
                + "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
                + "PARAMETER[\"Central_Meridian\",105.0],PARAMETER[\"Scale_Factor\",0.9996],"
                + "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]");
        assertThatThrownBy(() -> Crs.transform(Crs.LON_LAT, esri)).isInstanceOf(UnknownCrsException.class);
    }

    /** A zone of a city's own, as ESRI writes it, on the datum that Vietnam's south used before. */
    private static String indian1960(String datum) {
        return "PROJCS[\"Zone\",GEOGCS[\"GCS_" + datum + "\",DATUM[\"D_" + datum + "\","
                + "SPHEROID[\"Everest_Adjustment_1937\",6377276.345,300.8017]],PRIMEM[\"Greenwich\",0.0],"
                + "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
                + "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
                + "PARAMETER[\"Central_Meridian\",105.0],PARAMETER[\"Scale_Factor\",0.9996],"
                + "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";
    }

    @Test
    void a_zone_that_is_not_registered_has_the_shift_of_its_datum() throws TransformException {
        double[] point = {106.7, 10.8};
        Crs.transform(Crs.LON_LAT, Crs.of(indian1960("Indian_1960"))).transform(point, 0, point, 0, 1);
        double[] registered = {106.7, 10.8};
        Crs.transform(Crs.LON_LAT, Crs.get("EPSG:3148")).transform(registered, 0, registered, 0, 1);
        assertThat(point).containsExactly(registered, within(CENTIMETRE));
    }

    @Test
    void a_datum_that_nobody_knows_is_refused_without_a_long_search() {
        Crs.get("EPSG:4326");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThatThrownBy(() -> Crs.of(indian1960("Indain_1960"))).isInstanceOf(UnknownCrsException.class);
        // To compare it with all of the register takes twice as much of a processor.
        assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }
}
