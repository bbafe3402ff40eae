package city.canopy.geo.crs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.geotools.referencing.GeodeticCalculator;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class WorkingPlaneTest {
    private static final double LON = 105.84;
    private static final double LAT = 21.47;
    private static final double CENTIMETRE = 0.01;
    private final WorkingPlane plane = WorkingPlane.centredOn(LON, LAT);

    @Test
    void the_centre_is_the_origin_and_x_points_east_and_y_north() {
        assertThat(plane.toPlane(LON, LAT).distance(new Coordinate(0, 0))).isLessThan(1e-6);
        assertThat(plane.toPlane(LON + 0.01, LAT).x).isBetween(1_030.0, 1_045.0);
        assertThat(plane.toPlane(LON, LAT + 0.01).y).isBetween(1_105.0, 1_110.0);
    }

    @Test
    void a_distance_of_20_km_across_the_centre_is_right_to_a_centimetre_in_every_direction() {
        for (int azimuth = 0; azimuth < 180; azimuth += 15) {
            Coordinate here = from(LON, LAT, azimuth, 10_000);
            Coordinate there = from(LON, LAT, azimuth - 180, 10_000);
            double onPlane = plane.toPlane(here.x, here.y).distance(plane.toPlane(there.x, there.y));
            assertThat(onPlane).as("azimuth %d", azimuth).isCloseTo(geodesic(here, there), within(CENTIMETRE));
        }
    }

    @Test
    void any_distance_within_10_km_of_the_centre_is_right_to_a_centimetre() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            Coordinate here = from(LON, LAT, random.nextDouble() * 360 - 180, random.nextDouble() * 10_000);
            Coordinate there = from(LON, LAT, random.nextDouble() * 360 - 180, random.nextDouble() * 10_000);
            double onPlane = plane.toPlane(here.x, here.y).distance(plane.toPlane(there.x, there.y));
            assertThat(onPlane).isCloseTo(geodesic(here, there), within(CENTIMETRE));
        }
    }

    @Test
    void what_goes_onto_the_plane_comes_back_as_it_was() {
        Geometry line = new GeometryFactory()
                .createLineString(new Coordinate[] {new Coordinate(105.8, 21.4), new Coordinate(105.9, 21.55, 12.5)});
        Geometry back = plane.toLonLat(plane.toPlane(line));
        assertThat(back.equalsExact(line, 1e-10)).isTrue();
        assertThat(back.getCoordinates()[1].getZ()).isEqualTo(12.5);
        assertThat(line.getCoordinates()[0]).isEqualTo(new Coordinate(105.8, 21.4));
    }

    @Test
    void threads_do_not_disturb_each_other() {
        Coordinate[] alone = IntStream.range(0, 20_000).mapToObj(this::place).toArray(Coordinate[]::new);
        Coordinate[] together =
                IntStream.range(0, 20_000).parallel().mapToObj(this::place).toArray(Coordinate[]::new);
        assertThat(together).containsExactly(alone);
    }

    private Coordinate place(int i) {
        return plane.toPlane(LON + i * 1e-5, LAT - i * 1e-5);
    }

    @Test
    void what_is_out_of_reach_is_refused_and_can_be_asked_for_before() {
        assertThat(plane.reaches(LON + 2.99, LAT - 2.99)).isTrue();
        assertThat(plane.reaches(LON + 3.01, LAT)).isFalse();
        assertThat(plane.reaches(0, 0)).isFalse();
        assertThat(plane.reaches(Double.NaN, LAT)).isFalse();
        assertThat(plane.reaches(LON, Double.NaN)).isFalse();
        assertThat(plane.reaches(new Envelope())).isFalse();
        assertThatThrownBy(() -> plane.toPlane(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("operating area");
        assertThatThrownBy(() -> WorkingPlane.centredOn(21.47, 105.84)).hasMessageContaining("latitude");
        assertThatThrownBy(() -> WorkingPlane.centredOn(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_box_on_the_plane_holds_all_of_the_box_in_degrees() {
        Random random = new Random(8);
        for (int i = 0; i < 200; i++) {
            double lon = LON - 2.9 + random.nextDouble() * 2.9;
            double lat = LAT - 2.9 + random.nextDouble() * 2.9;
            Envelope degrees = new Envelope(lon, lon + random.nextDouble() * 2.9, lat, lat + random.nextDouble() * 2.9);
            Envelope box = plane.toPlane(degrees);
            for (int j = 0; j < 200; j++) {
                double x = degrees.getMinX() + degrees.getWidth() * random.nextDouble();
                double y = degrees.getMinY() + degrees.getHeight() * (j % 3 == 0 ? j % 2 : random.nextDouble());
                assertThat(box.covers(plane.toPlane(x, y))).isTrue();
            }
        }
    }

    @Test
    void planes_with_one_centre_are_the_same() {
        assertThat(WorkingPlane.centredOn(LON, LAT)).isEqualTo(plane).hasSameHashCodeAs(plane);
        assertThat(WorkingPlane.centredOn(LON, LAT + 1)).isNotEqualTo(plane);
    }

    private static Coordinate from(double lon, double lat, double azimuth, double meters) {
        GeodeticCalculator calculator = new GeodeticCalculator(Crs.LON_LAT);
        calculator.setStartingGeographicPoint(lon, lat);
        calculator.setDirection(azimuth, meters);
        return new Coordinate(
                calculator.getDestinationGeographicPoint().getX(),
                calculator.getDestinationGeographicPoint().getY());
    }

    private static double geodesic(Coordinate a, Coordinate b) {
        GeodeticCalculator calculator = new GeodeticCalculator(Crs.LON_LAT);
        calculator.setStartingGeographicPoint(a.x, a.y);
        calculator.setDestinationGeographicPoint(b.x, b.y);
        return calculator.getOrthodromicDistance();
    }
}
