package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.config.ConfigException;
import city.canopy.devices.config.ConfigReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LwM2mConfigTest {
    @Test
    void everyKeyHasADefault() {
        LwM2mConfig config = new ConfigReader("GW", Map.of()).read(LwM2mConfig.class, null);
        assertThat(config)
                .isEqualTo(new LwM2mConfig("0.0.0.0", 5683, 5684, null, null, 20_000, 65_536, Duration.ofSeconds(93)));
    }

    @Test
    void aPortIsSwitchedOffButNotBoth() {
        assertThat(new ConfigReader("GW", Map.of("GW_PORT", "off"))
                        .read(LwM2mConfig.class, null)
                        .port())
                .isEqualTo(LwM2mConfig.OFF);
        assertThatThrownBy(() -> new ConfigReader("GW", Map.of("GW_PORT", "off", "GW_DTLS_PORT", "off"))
                        .read(LwM2mConfig.class, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("both off");
    }

    @ParameterizedTest
    @CsvSource({
        "GW_PORT, 70000, lie between",
        "GW_CERTIFICATE, a.pem, go together",
        "GW_MAX_REGISTRATIONS, 0, max_registrations lies between",
        "GW_MAX_PAYLOAD, 131073, max_payload lies between",
        "GW_AWAKE, PT1H, awake lies between",
    })
    void whatIsBeyondALimitIsRefused(String variable, String value, String message) {
        assertThatThrownBy(() -> new ConfigReader("GW", Map.of(variable, value)).read(LwM2mConfig.class, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
