package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadsTest {
    private static final byte[] NONE = {};

    @ParameterizedTest
    @CsvSource({
        "/3303/0/5700, 21.5, true",
        "/3303/0/5700, -1.5e2, true",
        "/3306/0/5850, 1, true",
        "/3303/0, 21.5, false",
        "/3303/0/5700, 21.5 C, false",
        "/3303/0/5700, '[{\"v\":1}]', false",
    })
    void withoutAFormatOnlyANumberOfOneResourceIsText(String path, String payload, boolean isText) {
        byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
        assertThat(Payloads.mediaType(-1, path, bytes))
                .isEqualTo(isText ? Optional.of("text/plain;path=\"" + path + "\"") : Optional.empty());
    }

    @Test
    void anEmptyListInAnyFormatHoldsNothing() {
        assertThat(Payloads.isEmpty(new byte[0])).isTrue();
        assertThat(Payloads.isEmpty("[]".getBytes(StandardCharsets.US_ASCII))).isTrue();
        assertThat(Payloads.isEmpty(new byte[] {(byte) 0x80})).isTrue();
        assertThat(Payloads.isEmpty("0".getBytes(StandardCharsets.US_ASCII))).isFalse();
        assertThat(Payloads.isEmpty("[{\"n\":\"/3/0/9\",\"v\":1}]".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }

    @Test
    void thePathGoesAlongWhereTheFormatDoesNotSayIt() {
        assertThat(Payloads.mediaType(11_542, "/3303/0", NONE))
                .contains("application/vnd.oma.lwm2m+tlv;path=\"/3303/0\"");
        assertThat(Payloads.mediaType(110, "/3303/0", NONE)).contains("application/senml+json");
        assertThat(Payloads.mediaType(40, "/3303/0", NONE)).isEmpty();
    }
}
