package city.canopy.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusPayloadTest {
    private static Optional<Boolean> read(String payload) {
        return StatusPayload.read(new Uplink(
                new DeviceId("d1"),
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void aStatusIsPlainOrAMemberOfAnObject() {
        assertThat(read("online")).contains(true);
        assertThat(read(" offline\n")).contains(false);
        assertThat(read("{\"at\":{\"x\":[1]},\"status\":\"offline\"}")).contains(false);
    }

    @Test
    void anythingElseIsNoStatus() {
        for (String payload :
                new String[] {"", "yes", "{}", "{\"status\":1}", "{\"status\":", "[]", "o".repeat(2000)}) {
            assertThat(read(payload)).as(payload).isEmpty();
        }
    }
}
