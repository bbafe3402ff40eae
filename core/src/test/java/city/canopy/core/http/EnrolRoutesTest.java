package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.EnvelopeJson;
import org.junit.jupiter.api.Test;

/** A gateway is let in where its messages would get through. */
class EnrolRoutesTest {
    private static EnrolRoutes.Reached door(int port, int messageBytes) {
        return new EnrolRoutes.Reached() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public int messageBytes() {
                return messageBytes;
            }

            @Override
            public String host(String called) {
                return called;
            }

            @Override
            public String trusted() {
                return "";
            }

            @Override
            public String configurationKey() {
                return "";
            }
        };
    }

    @Test
    void aDoorWithoutTlsOrForShorterMessagesTakesNoGateway() {
        assertThatThrownBy(() -> EnrolRoutes.checkReady(door(-1, EnvelopeJson.MAX_BYTES)))
                .hasMessageContaining("mqtt_tls_off")
                .hasMessageContaining("mqtt.tls.own: true");
        assertThatThrownBy(() -> EnrolRoutes.checkReady(door(8883, EnvelopeJson.MAX_BYTES - 1)))
                .hasMessageContaining("mqtt_messages_too_short")
                .hasMessageContaining("mqtt.limits.message_bytes is 262143: set it to 262144");
        assertThatCode(() -> EnrolRoutes.checkReady(door(8883, EnvelopeJson.MAX_BYTES)))
                .doesNotThrowAnyException();
    }
}
