package city.canopy.core.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class WardsTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Ho_Chi_Minh");
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");

    private final City city = new City();
    private final Wards wards = new Wards(city, ZONE);

    @Test
    void namesTheWardOfAPlaceAndNoneOutside() {
        city.has(ward("05518", "Phường Sông Công", 0, 1, Map.of()), ward("05528", "Phường Bách Quang", 1, 2, Map.of()));

        assertThat(wards.find(0.5, 0.5, NOW)).contains(new Ward("05518", "Phường Sông Công"));
        assertThat(wards.find(1.5, 0.5, NOW)).contains(new Ward("05528", "Phường Bách Quang"));
        assertThat(wards.find(0.5, 1.5, NOW)).isEmpty();
    }

    @Test
    void onACommonBorderTheLowerCodeHasIt() {
        city.has(ward("05528", "B", 1, 2, Map.of()), ward("05518", "A", 0, 1, Map.of()));

        assertThat(wards.find(1, 0.5, NOW).map(Ward::code)).contains("05518");
    }

    @Test
    void aPlaceIsInTheWardThatItWasInThen() {
        city.has(
                ward("05518-2020", "Phường Thắng Lợi", 0, 1, Map.of("code", "05518", "valid_to", "2025-07-01")),
                ward("05518", "Phường Sông Công", 0, 1, Map.of("valid_from", "2025-07-01")));

        assertThat(wards.find(0.5, 0.5, Instant.parse("2025-06-30T16:59:59Z")))
                .contains(new Ward("05518", "Phường Thắng Lợi"));
        assertThat(wards.find(0.5, 0.5, Instant.parse("2025-06-30T17:00:00Z")).map(Ward::name))
                .contains("Phường Sông Công");
    }

    @Test
    void seesAChangeOfTheLayerAtOnce() {
        city.has(ward("05518", "Cũ", 0, 1, Map.of()));
        assertThat(wards.find(0.5, 0.5, NOW).map(Ward::name)).contains("Cũ");

        city.has(ward("05518", "Mới", 0, 1, Map.of()));

        assertThat(wards.find(0.5, 0.5, NOW).map(Ward::name)).contains("Mới");
    }

    @Test
    void theCityIsWhereItsWardsOfTheDayAre() {
        city.has(
                ward("1", "Cũ", -5, 1, Map.of("valid_to", "2025-07-01")),
                ward("2", "A", 0, 1, Map.of()),
                ward("3", "B", 1, 2.5, Map.of()));

        assertThat(wards.box(NOW)).contains(new Envelope(0, 2.5, 0, 1));
        assertThat(wards.box(Instant.parse("2025-01-01T00:00:00Z"))).contains(new Envelope(-5, 2.5, 0, 1));
        city.has();
        assertThat(wards.box(NOW)).isEmpty();
        assertThat(new Wards(new City(), ZONE).box(NOW)).isEmpty();
    }

    @Test
    void withoutALayerOfWardsThereAreNone() {
        assertThat(new Wards(new City(), ZONE).find(0.5, 0.5, NOW)).isEmpty();
    }

    @Test
    void datesThatAreNoneOrStandTheWrongWayRoundAreRefused() {
        assertThatThrownBy(() -> Validity.of(Map.of("valid_from", "01/07/2025"), ZONE))
                .hasMessageContaining("01/07/2025");
        assertThatThrownBy(() -> Validity.of(Map.of("valid_from", "2025-07-01", "valid_to", "2025-07-01"), ZONE))
                .hasMessageContaining("before");
    }

    private static GeoFeature ward(String code, String name, double west, double east, Map<String, Object> more) {
        Map<String, Object> properties = new java.util.HashMap<>(more);
        properties.put("name", name);
        return new GeoFeature(
                "wards", code, new GeometryFactory().toGeometry(new Envelope(west, east, 0, 1)), properties, 1);
    }

    private static final class City implements LayerSource {
        private LayerSnapshot snapshot;

        void has(GeoFeature... features) {
            snapshot = new LayerSnapshot("wards", snapshot == null ? 1 : snapshot.version() + 1, List.of(features));
        }

        @Override
        public Set<String> names() {
            return snapshot == null ? Set.of() : Set.of("wards");
        }

        @Override
        public LayerSnapshot snapshot(String layer) {
            return snapshot;
        }
    }
}
