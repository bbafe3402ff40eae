package city.canopy.geo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GeoJsonWriterTest {
    @Test
    void a_geometry_is_written_lon_first_with_seven_decimals() {
        assertThat(GeoJsonWriter.toJson(MemoryLayers.geometry("POINT(105.85000004 21.470000049999)")))
                .isEqualTo("{\"type\":\"Point\",\"coordinates\":[105.85,21.47]}");
        assertThat(GeoJsonWriter.toJson(MemoryLayers.geometry("POINT Z(105 21 7.5)")))
                .isEqualTo("{\"type\":\"Point\",\"coordinates\":[105.0,21.0,7.5]}");
        assertThat(GeoJsonWriter.toJson(MemoryLayers.geometry("GEOMETRYCOLLECTION(POINT(1 2))")))
                .isEqualTo(
                        "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1.0,2.0]}]}");
    }

    @Test
    void outer_rings_run_counter_clockwise_and_holes_clockwise() {
        assertThat(GeoJsonWriter.toJson(MemoryLayers.geometry("POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,2 1,2 2,1 1))")))
                .isEqualTo("{\"type\":\"Polygon\",\"coordinates\":[[[0.0,0.0],[9.0,0.0],[9.0,9.0],[0.0,9.0],[0.0,0.0]],"
                        + "[[1.0,1.0],[2.0,2.0],[2.0,1.0],[1.0,1.0]]]}");
    }

    @Test
    void a_feature_is_written_with_id_and_properties_and_numbers_that_json_lacks_become_null() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("loài", "Xà cừ \"già\"");
        properties.put("year", 1998L);
        properties.put("height", 12.5);
        properties.put("alive", true);
        properties.put("note", null);
        properties.put("odd", Double.NaN);
        assertThat(GeoJsonWriter.toJson(MemoryLayers.feature("trees", "t1", "POINT(1 2)", properties)))
                .isEqualTo(
                        "{\"type\":\"Feature\",\"id\":\"t1\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1.0,2.0]},"
                                + "\"properties\":{\"loài\":\"Xà cừ \\\"già\\\"\",\"year\":1998,\"height\":12.5,\"alive\":true,"
                                + "\"note\":null,\"odd\":null}}");
    }

    @Test
    void wkb_keeps_a_geometry_as_it_is_with_or_without_heights() {
        for (String wkt : new String[] {
            "POINT(105.85 21.47)",
            "POINT Z(105 21 7.5)",
            "POLYGON((0 0,0 9,9 9,9 0,0 0))",
            "MULTILINESTRING((0 0,1 1),(2 2,3 3))"
        }) {
            assertThat(Wkb.read(Wkb.write(MemoryLayers.geometry(wkt))).equalsExact(MemoryLayers.geometry(wkt)))
                    .isTrue();
        }
        assertThat(Wkb.read(Wkb.write(MemoryLayers.geometry("POINT Z(105 21 7.5)")))
                        .getCoordinate()
                        .getZ())
                .isEqualTo(7.5);
    }

    @Test
    void bytes_that_are_no_wkb_are_refused_and_nothing_else_happens() {
        assertThatThrownBy(() -> Wkb.read(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WKB");
        byte[] good = Wkb.write(MemoryLayers.geometry("POLYGON((0 0,0 9,9 9,9 0,0 0))"));
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            try {
                assertThat(Wkb.read(mutant).getNumGeometries()).isNotNegative();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("WKB");
            }
        }
    }
}
