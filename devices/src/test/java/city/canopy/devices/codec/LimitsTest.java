package city.canopy.devices.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import city.canopy.devices.model.Uplink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static List<String> lines(String codec, String text) {
        return Vectors.lines(Vectors.decode(codec, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String list(String item, int count) {
        return "[" + (item + ",").repeat(count - 1) + item + "]";
    }

    @ParameterizedTest
    @ValueSource(strings = {"canopy-json", "thingsboard-json", "senml-json", "senml-cbor", "cayenne-lpp"})
    void a_payload_over_256_KiB_is_too_large(String codec) {
        byte[] spaces = new byte[256 * 1024 + 1];
        Arrays.fill(spaces, (byte) ' ');
        assertThat(Vectors.lines(Vectors.decode(codec, spaces))).containsExactly("!too_large");
        byte[] fits = Arrays.copyOf(spaces, spaces.length - 1);
        System.arraycopy("{\"tilt\":1}".getBytes(StandardCharsets.UTF_8), 0, fits, 0, 10);
        assertThat(Vectors.lines(Vectors.decode("canopy-json", fits))).containsExactly("tilt=1.0");
    }

    @Test
    void a_message_of_2000_values_is_taken_and_one_of_2001_is_not() {
        assertThat(lines("canopy-json", list("{\"tilt\":1}", 2_000))).hasSize(2_000);
        assertThat(lines("canopy-json", list("{\"tilt\":1}", 2_001))).containsExactly("!too_large");
        assertThat(lines("canopy-json", list("{\"tilt\":\"x\"}", 2_001))).containsExactly("!too_large");
        assertThat(lines("senml-json", list("{\"n\":\"tilt\",\"v\":1}", 2_000))).hasSize(2_000);
        assertThat(lines("senml-json", list("{\"n\":\"tilt\",\"v\":1}", 2_001))).containsExactly("!too_large");
        byte[] lpp = new byte[3 * 2_001];
        for (int i = 0; i < lpp.length; i += 3) {
            lpp[i] = 2;
            lpp[i + 1] = 104;
        }
        assertThat(Vectors.lines(Vectors.decode("cayenne-lpp", lpp))).containsExactly("!too_large");
        assertThat(Vectors.lines(Vectors.decode("cayenne-lpp", Arrays.copyOf(lpp, 6_000))))
                .hasSize(2_000);
    }

    @Test
    void a_payload_deeper_than_8_levels_is_too_large() {
        assertThat(lines("canopy-json", "{\"tilt\":1,\"x\":" + "[".repeat(7) + "]".repeat(7) + "}"))
                .containsExactly("tilt=1.0", "!impossible_value");
        assertThat(lines("canopy-json", "{\"x\":" + "[".repeat(8) + "]".repeat(8) + "}"))
                .containsExactly("!too_large");
        assertThat(lines("senml-json", "[{\"x\":" + "[".repeat(7) + "]".repeat(7) + "}]"))
                .containsExactly("!too_large");
        assertThat(lines("canopy-json", "[".repeat(100_000))).containsExactly("!undecodable");
    }

    @Test
    void a_message_lists_twenty_refusals_and_counts_the_rest() {
        Decoded decoded = Vectors.decode("canopy-json", list("{\"x\":1}", 30).getBytes(StandardCharsets.UTF_8));
        List<Refusal> refusals = ((Decoded.Refused) decoded).refusals();
        assertThat(refusals).hasSize(20);
        assertThat(refusals.get(19).detail()).endsWith("(and 10 more)");
    }

    @Test
    void a_refusal_holds_only_what_a_database_can_hold() {
        Refusal refusal = new Refusal(RefusalCode.UNDECODABLE, "a\0b\ud800c\udc00\ud83d\ude00" + "x".repeat(600));
        assertThat(refusal.detail())
                .startsWith("a\ufffdb\ufffdc\ufffd\ud83d\ude00x")
                .hasSize(500);
    }

    @Test
    void numbers_of_absurd_length_take_no_time() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(lines("canopy-json", "{\"tilt\":" + "9".repeat(200_000) + "}"))
                    .containsExactly("!too_large");
            assertThat(Vectors.decode("senml-cbor", bigNumber(false))).isInstanceOf(Decoded.Refused.class);
            assertThat(Vectors.decode("senml-cbor", bigNumber(true))).isInstanceOf(Decoded.Refused.class);
        });
    }

    /** A record whose value is a whole number of 200,000 bytes, or a decimal fraction with such a mantissa. */
    private static byte[] bigNumber(boolean fraction) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x81, (byte) 0xa2, 0, 0x64, 't', 'i', 'l', 't', 2});
        if (fraction) {
            out.writeBytes(new byte[] {(byte) 0xc4, (byte) 0x82, 0x20});
        }
        out.writeBytes(new byte[] {(byte) 0xc2, 0x5a, 0, 3, 13, 64});
        byte[] digits = new byte[200_000];
        Arrays.fill(digits, (byte) 0x77);
        out.writeBytes(digits);
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, cayenne-lpp, canopy-json",
        "application/json; charset=utf-8, senml-cbor, canopy-json",
        "Application/JSON, thingsboard-json, thingsboard-json",
        "application/senml+json, canopy-json, senml-json",
        "application/senml+cbor, canopy-json, senml-cbor",
        "application/octet-stream, cayenne-lpp, cayenne-lpp",
        ", senml-json, senml-json"
    })
    void the_content_type_decides_and_else_the_profile(String contentType, String profile, String used) {
        byte[] payload = Vectors.of(used).stream()
                .filter(vector -> vector.kind().equals("good"))
                .findFirst()
                .orElseThrow()
                .payload()
                .bytes();
        Uplink uplink = new Uplink(Vectors.DEVICE, contentType, payload, Vectors.RECEIPT);
        assertThat(Vectors.lines(Codecs.standard().decode(uplink, Vectors.profile(profile))))
                .isEqualTo(Vectors.of(used).get(0).gives());
    }
}
