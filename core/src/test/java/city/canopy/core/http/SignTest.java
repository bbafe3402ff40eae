package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.layer.GeoFeature;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** The code on a tree's sign. */
@Timeout(120)
class SignTest {
    @TempDir
    private static Path folder;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        service.layers()
                .ensureLayer(new LayerDefinition(
                        "cameras", null, LayerDefinition.Kind.POINT, Map.of("en", "Cameras"), false, List.of()));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static GeoFeature camera(String id) {
        return new GeoFeature(
                "cameras", id, new GeometryFactory().createPoint(new Coordinate(105.84, 21.47)), Map.of(), 0);
    }

    private static String goesTo(String path, boolean loggedIn) {
        RunningService.Got got = loggedIn ? service.get(path) : service.as(null, "GET", path, null);
        return got.status() + " "
                + got.response().headers().firstValue("location").orElse("");
    }

    @Test
    void leadsToTheMapOrToThePublicPage() {
        assertThat(goesTo("/a/waste_points/W1", true)).isEqualTo("303 /?feature=waste_points/W1");
        assertThat(goesTo("/a/waste_points/W1", false)).isEqualTo("303 /ogc/collections/waste_points/items/W1?f=html");
        assertThat(goesTo("/a/waste_points/gone", false)).startsWith("404");
    }

    @Test
    void tellsNothingOfALayerThatIsNotPublic() {
        service.layers().put(camera("C1"), "test");
        assertThat(goesTo("/a/cameras/C1", false)).isEqualTo("303 /?feature=cameras/C1");
        assertThat(goesTo("/a/cameras/C2", false)).isEqualTo("303 /?feature=cameras/C2");
        assertThat(goesTo("/a/nowhere/C1", false)).isEqualTo("303 /?feature=nowhere/C1");
    }
}
