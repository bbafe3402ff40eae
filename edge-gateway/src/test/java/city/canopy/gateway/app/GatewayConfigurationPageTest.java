package city.canopy.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.config.ConfigKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/gateway-configuration.md} true; {@code -Dgolden.update} writes it anew. */
class GatewayConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "gateway-configuration.md");

    @Test
    void thePageSaysWhatTheRecordsSay() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Configuration of the gateway

                `java -jar canopy-gateway.jar --config gateway.yaml` reads one YAML file. Every key has a default. The environment
                overrides the file: `store.bytes` is `CANOPY_GATEWAY_STORE_BYTES`. An unknown key stops the start.

                This page is written from the configuration records; a test fails when it differs.

                | key | default | what it does |
                |---|---|---|
                """);
        for (ConfigKeys.Described key : ConfigKeys.list(GatewayConfig.class)) {
            String value = key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`";
            page.append("| `%s` | %s | %s |%n".formatted(key.path(), value, key.doc()));
        }
        if (System.getProperty("golden.update") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/gateway-configuration.md; write it anew with -Dgolden.update")
                .isEqualTo(page.toString());
    }
}
