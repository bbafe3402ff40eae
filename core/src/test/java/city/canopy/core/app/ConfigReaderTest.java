package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.config.ConfigException;
import city.canopy.devices.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    private Path folder;

    private CoreConfig read(String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("canopy.yaml"), yaml);
        return new ConfigReader("CANOPY", environment).read(CoreConfig.class, file);
    }

    @Test
    void everyKeyHasADefault() throws IOException {
        CoreConfig config = new ConfigReader("CANOPY", Map.of()).read(CoreConfig.class, null);

        assertThat(config.data().dir()).isEqualTo(Path.of("./canopy-data"));
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.mqtt().wsPort()).isEqualTo(-1);
        assertThat(config.brokers()).isEmpty();
        assertThat(read("", Map.of())).isEqualTo(config);
    }

    @Test
    void theFileOverridesTheDefaultAndTheEnvironmentTheFile() throws IOException {
        String yaml = "http: {port: 9090}\nmqtt: {port: 0, ws_port: 8084}\nretention: {frames: P2D}";

        CoreConfig config = read(yaml, Map.of("CANOPY_HTTP_PORT", "9191"));

        assertThat(config.http().port()).isEqualTo(9191);
        assertThat(config.mqtt().port()).isZero();
        assertThat(config.mqtt().wsPort()).isEqualTo(8084);
        assertThat(config.retention().frames()).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void listsComeFromYamlAndFromTheEnvironment() throws IOException {
        String yaml = "brokers:\n- {name: lora, url: 'tcp://10.0.0.5:1883', client_id: canopy, topics: [a/+, b/#]}";

        CoreConfig config = read(yaml, Map.of("CANOPY_HTTP_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"));

        assertThat(config.brokers().get(0).topics()).containsExactly("a/+", "b/#");
        assertThat(config.brokers().get(0).receiveMaximum()).isEqualTo(1000);
        assertThat(config.http().trustedProxies()).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void anUnknownKeyStopsTheStartAndNamesWhatMayStandThere() {
        assertThatThrownBy(() -> read("http: {prot: 80}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.prot")
                .hasMessageContaining("port");
    }

    @Test
    void aValueThatDoesNotFitIsNamedWithWhatWasExpected() {
        assertThatThrownBy(() -> read("http: {port: many}", Map.of()))
                .hasMessage("http.port: write a whole number, not \"many\"");
        assertThatThrownBy(() -> read("", Map.of("CANOPY_RETENTION_FRAMES", "a month")))
                .hasMessageStartingWith("CANOPY_RETENTION_FRAMES: write a duration");
        assertThatThrownBy(() -> read("demo: {devices: 5}", Map.of())).hasMessageContaining("devices must be 10");
        assertThatThrownBy(() -> read("http: [1]", Map.of())).hasMessageContaining("http");
        assertThatThrownBy(() -> read("http: {port: [", Map.of())).hasMessageContaining("YAML");
    }

    @Test
    void halfATlsPairIsRefused() {
        assertThatThrownBy(() -> read("http: {tls: {cert: a.pem}}", Map.of()))
                .hasMessageContaining("http.tls")
                .hasMessageContaining("both");
    }

    @Test
    void secretsAreNotPrinted() throws IOException {
        CoreConfig config = read("", Map.of("CANOPY_SECURITY_BOOTSTRAP_TOKEN", "a-token-of-24-characters-"));

        assertThat(config.toString()).doesNotContain("a-token").contains("***");
        assertThatThrownBy(() -> read("security: {bootstrap_token: short}", Map.of()))
                .hasMessageContaining("24")
                .hasMessageNotContaining("short");
    }
}
