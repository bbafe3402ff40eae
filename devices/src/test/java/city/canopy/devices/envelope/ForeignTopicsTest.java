package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ForeignTopicsTest {
    private Instant now = Instant.parse("2026-11-03T05:00:00Z");
    private final ForeignTopics topics = new ForeignTopics(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void thereIsOneLineInTenSecondsAndItTellsHowManyItStandsFor() {
        assertThat(topics.refused("device:bin-1", "bin", "v1/gateway/telemetry"))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("\"bin\" of device:bin-1", "\"v1/gateway/telemetry\"", "v1/devices/me/telemetry")
                        .doesNotContain("more messages"));
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(10);
            assertThat(topics.refused("device:bin-2", "bin", "a")).isEmpty();
        }
        now = now.plusSeconds(5);
        assertThat(topics.refused("device:bin-2", "bin", "a"))
                .hasValueSatisfying(line -> assertThat(line).contains("and 500 more messages"));
    }

    @Test
    void whatComesFromOutsideStaysOnOneLineAndShort() {
        assertThat(topics.refused("device:bin-1", "a\r\nb\u2028c", "x".repeat(5_000)))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("\"a??b?c\"").hasSizeLessThan(600));
    }
}
