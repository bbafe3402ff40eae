package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.layers.LayerDefinition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private static String goesTo(String path, boolean loggedIn) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.url() + path));
        if (loggedIn) {
            request.header("Authorization", "Bearer " + service.token());
        }
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.headers().firstValue("location").orElse("");
    }

    @Test
    void leadsToTheMapOrToThePublicPage() throws IOException, InterruptedException {
        assertThat(goesTo("/a/waste_points/W1", true)).isEqualTo("303 /?feature=waste_points/W1");
        assertThat(goesTo("/a/waste_points/W1", false)).isEqualTo("303 /ogc/collections/waste_points/items/W1?f=html");
        assertThat(goesTo("/a/waste_points/gone", false)).startsWith("404");
    }

    @Test
    void tellsNothingOfALayerThatIsNotPublic() throws IOException, InterruptedException {
        assertThat(goesTo("/a/cameras/C1", false)).isEqualTo(goesTo("/a/cameras/C2", false));
        assertThat(goesTo("/a/nowhere/C1", false)).isEqualTo("303 /?feature=nowhere/C1");
    }
}
