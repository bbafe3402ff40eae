package city.canopy.core.demo.city;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Report;
import city.canopy.devices.sim.Scenario;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.operation.union.UnaryUnionOp;

class DemoDevicesTest {
    private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    /** Ten metres in degrees. */
    private static final double NEAR = 0.0001;

    private final Map<String, List<GeoFeature>> city =
            new DemoCity(20_250_701, 20_000, WorkingPlane.centredOn(105.85, 21.47)).layers();
    private final List<DemoDevice> devices = DemoDevices.place(city, 1_500, 20_250_701, 8);

    @Test
    void thereAreAsManyAsAskedForAndTheSameEveryTime() {
        assertThat(devices).hasSize(1_500);
        assertThat(DemoDevices.place(city, 1_500, 20_250_701, 8)).isEqualTo(devices);
        assertThat(devices.stream().map(DemoDevice::id).distinct()).hasSize(1_500);
        assertThat(devices.get(0).feature().id()).as("the market's bin").isEqualTo("W001");
        assertThat(Plot.of(devices.get(0))).contains(Plot.MARKET);
    }

    @Test
    void trucksKeepToTheStreetsAndPassWastePoints() {
        List<DemoDevice> trucks = devices.stream()
                .filter(device -> device.role() == DemoDevice.Role.TRUCK)
                .toList();
        assertThat(trucks).hasSizeBetween(3, 4);
        Geometry streets = UnaryUnionOp.union(
                city.get("roads").stream().map(GeoFeature::geometry).toList());
        for (DemoDevice truck : trucks) {
            assertThat(truck.binding()).isInstanceOf(Binding.Moving.class);
            Scenario scenario = new Scenario(7, START, new Fleet(List.of(truck.member())));
            List<Geometry> places = IntStream.range(0, 400)
                    .mapToObj(n -> scenario.ask(truck.member(), START.plusSeconds(10L * n)))
                    .map(DemoDevicesTest::place)
                    .toList();
            assertThat(places).allMatch(place -> streets.distance(place) < NEAR);
            assertThat(city.get("waste_points").stream()
                            .filter(point ->
                                    places.stream().anyMatch(place -> place.distance(point.geometry()) < 4 * NEAR)))
                    .as("passed by " + truck.id())
                    .hasSizeGreaterThan(3);
        }
    }

    private static Geometry place(Report report) {
        Position at = report.position().orElseThrow();
        return GEOMETRIES.createPoint(new Coordinate(at.lon(), at.lat()));
    }
}
