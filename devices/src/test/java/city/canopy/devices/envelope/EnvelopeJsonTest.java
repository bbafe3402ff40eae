package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.EnvelopeJson.EnvelopeException;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeJsonTest {
    private static final DeviceId GATEWAY = new DeviceId("gw-1");
    private static final String STORE = "0123456789abcdef";
    private static final Instant AT = Instant.parse("2026-11-03T04:05:06.789012Z");

    private static Envelope envelope(long number, String type, Instant clock, byte[] payload) {
        return new Envelope(
                new EnvelopeId(GATEWAY, STORE, number), new DeviceId("bin-7"), "/lwm2m", type, AT, clock, payload);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thisIsHowTheyTravel() {
        byte[] message = EnvelopeJson.write(List.of(
                envelope(17, "application/senml+cbor", AT, new byte[] {1, 2, (byte) 0xFF}),
                envelope(18, null, Instant.EPOCH, bytes("{}"))));
        assertThat(new String(message, StandardCharsets.UTF_8))
                .isEqualTo("{\"store\":\"0123456789abcdef\",\"first\":17,\"envelopes\":["
                        + "{\"device\":\"bin-7\",\"topic\":\"/lwm2m\",\"type\":\"application/senml+cbor\","
                        + "\"at\":\"2026-11-03T04:05:06.789012Z\",\"data\":\"AQL/\"},"
                        + "{\"device\":\"bin-7\",\"topic\":\"/lwm2m\",\"at\":\"2026-11-03T04:05:06.789012Z\","
                        + "\"clock\":\"1970-01-01T00:00:00Z\",\"data\":\"e30=\"}]}");
    }

    @Test
    void whatWasWrittenIsRead() throws EnvelopeException {
        Random random = new Random(3);
        List<Envelope> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(60)];
            random.nextBytes(payload);
            written.add(envelope(100 + i, i % 3 == 0 ? null : "text/plain", AT.minusSeconds(i % 2), payload));
        }
        List<Envelope> read = EnvelopeJson.read(GATEWAY, EnvelopeJson.write(written));
        assertThat(read).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(read.get(i).id()).isEqualTo(written.get(i).id());
            assertThat(read.get(i).payload()).isEqualTo(written.get(i).payload());
            assertThat(read.get(i).contentType()).isEqualTo(written.get(i).contentType());
            assertThat(read.get(i).heardAt()).isEqualTo(AT);
            assertThat(read.get(i).clockAt()).isEqualTo(written.get(i).clockAt());
        }
    }

    @Test
    void aGapIsNotWritten() {
        assertThatThrownBy(() -> EnvelopeJson.write(
                        List.of(envelope(1, null, AT, new byte[0]), envelope(3, null, AT, new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|an object",
                "{}|names its store",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": []}|an envelope at least",
                "{\"store\": \"nonsense\", \"first\": 1, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"at\": \"2026-11-03T04:05:06Z\", \"data\": \"\"}]}|hexadecimal",
                "{\"store\": \"0123456789abcdef\", \"first\": 0, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"at\": \"2026-11-03T04:05:06Z\", \"data\": \"\"}]}|numbered from 1",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": [{\"device\": \"a b\", \"topic\": \"/lwm2m\", \"at\": \"2026-11-03T04:05:06Z\", \"data\": \"\"}]}|device id",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"data\": \"\"}]}|when it was heard",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"at\": \"yesterday\", \"data\": \"\"}]}|yesterday",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"at\": \"2026-11-03T04:05:06Z\"}]}|payload",
                "{\"store\": \"0123456789abcdef\", \"first\": 1, \"envelopes\": [{\"device\": \"d\", \"topic\": \"/lwm2m\", \"at\": \"2026-11-03T04:05:06Z\", \"data\": \"*\"}]}|not readable",
                "{\"store\": \"0123456789abcdef\"|not readable",
            })
    void whatIsWrongIsSaid(String message, String why) {
        assertThatThrownBy(() -> EnvelopeJson.read(GATEWAY, bytes(message)))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining(why);
    }

    @Test
    void tooManyAndTooLongAreRefused() {
        assertThatThrownBy(() -> EnvelopeJson.read(GATEWAY, new byte[EnvelopeJson.MAX_BYTES + 1]))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("262144");
        List<Envelope> many = new ArrayList<>();
        for (int i = 1; i <= EnvelopeJson.MAX_ENVELOPES + 1; i++) {
            many.add(envelope(i, null, AT, new byte[0]));
        }
        assertThatThrownBy(() -> EnvelopeJson.read(GATEWAY, EnvelopeJson.write(many)))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("1000");
    }
}
