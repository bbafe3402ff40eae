package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService.Got;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device with a pre-shared key is behind a gateway: the one that is named, or the only one. */
@Timeout(120)
class PskEnrolmentTest {
    @TempDir
    private static Path folder;

    private static final String PSK = "{\"id\":\"%s\",\"profile\":\"generic-bin\",\"credentials\":{\"kind\":\"psk\"}}";

    @Test
    void theOnlyGatewayIsMeantWhereNoneIsNamed() {
        try (RunningService service = new RunningService(folder.resolve("data"))) {
            Got none = service.send("POST", "/api/v1/devices", PSK.formatted("soil-1"));
            assertThat(none.status()).isEqualTo(400);
            assertThat(none.text()).contains("POST /api/v1/gateways");

            service.send("POST", "/api/v1/gateways", "{\"id\":\"gw-1\",\"title\":\"Một\"}");
            Got one = service.send("POST", "/api/v1/devices", PSK.formatted("soil-1"));
            assertThat(one.status()).as(one.text()).isEqualTo(201);
            assertThat(one.json().path("gateway").asText()).isEqualTo("gw-1");
            assertThat(one.json().at("/credentials/identity").asText()).isEqualTo("soil-1");
            assertThat(one.json().at("/credentials/key").asText()).matches("[0-9a-f]{32}");
            assertThat(service.get("/api/v1/devices/soil-1").text()).doesNotContain("credentials");
            assertThat(service.send("POST", "/api/v1/devices", PSK.formatted("soil-1"))
                            .status())
                    .isEqualTo(409);

            Got imported = service.send(service.request("/api/v1/devices/import")
                    .header("Content-Type", "text/csv")
                    .POST(HttpRequest.BodyPublishers.ofString("id,profile,gateway,credential,username,secret\n"
                            + "soil-2,generic-bin,gw-1,psk,probe 2,00112233445566778899aabbccddeeff\n"
                            + "soil-3,generic-bin,,psk,,\n")));
            assertThat(imported.json().path("enrolled").asInt())
                    .as(imported.text())
                    .isEqualTo(2);
            assertThat(imported.json().at("/devices/0/credentials/identity").asText())
                    .isEqualTo("probe 2");
            assertThat(service.get("/api/v1/devices/soil-3")
                            .json()
                            .path("gateway")
                            .asText())
                    .isEqualTo("gw-1");

            service.send("POST", "/api/v1/gateways", "{\"id\":\"gw-2\",\"title\":\"Hai\"}");
            Got two = service.send("POST", "/api/v1/devices", PSK.formatted("soil-4"));
            assertThat(two.status()).isEqualTo(400);
            assertThat(two.text()).contains("gateway");

            Got enrolled = service.as(null, "POST", "/api/v1/gateways/enrol", "{\"token\":\"any\",\"csr\":\"any\"}");
            assertThat(enrolled.code()).isEqualTo("mqtt_tls_off");
        }
    }
}
