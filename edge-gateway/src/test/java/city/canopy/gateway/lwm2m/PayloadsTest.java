package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadsTest {
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
        assertThat(Payloads.mediaType(11_542, "/3303/0")).contains("application/vnd.oma.lwm2m+tlv;path=\"/3303/0\"");
        assertThat(Payloads.mediaType(110, "/3303/0")).contains("application/senml+json");
        assertThat(Payloads.mediaType(40, "/3303/0")).isEmpty();
    }
}
