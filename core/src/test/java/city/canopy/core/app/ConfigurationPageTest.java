package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.config.ConfigKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/configuration.md} true; {@code -Dgolden.update} writes it anew. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void thePageSaysWhatTheRecordsSay() throws IOException {
        String page = page();
        if (System.getProperty("golden.update") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md; write it anew by mvn -pl core -am test -Dtest=ConfigurationPageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                `canopy serve --config canopy.yaml` reads one YAML file; `canopy demo` takes the same. Every key has a default. The
                environment overrides the file: `database.url` is `CANOPY_DATABASE_URL`, `mqtt.ws_port` is `CANOPY_MQTT_WS_PORT`. An
                unknown key stops the start. Durations are ISO 8601 (`PT30S`, `P30D`); lists in the environment are YAML (`[a, b]`) or
                `a,b`.

                This page is written from the configuration records; a test fails when it differs.

                | key | default | what it does |
                |---|---|---|
                """);
        for (ConfigKeys.Described key : ConfigKeys.list(CoreConfig.class)) {
            page.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`")
                    .append(" | ")
                    .append(key.doc())
                    .append(" |\n");
        }
        return page.toString();
    }
}
