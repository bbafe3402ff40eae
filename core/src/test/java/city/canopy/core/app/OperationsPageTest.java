package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.demo.Demo;
import city.canopy.devices.config.ConfigReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page in the system's Chromium, against the real service with the demo's city. Skipped where there is none. */
class OperationsPageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir
    private Path folder;

    static boolean chromiumIsThere() {
        return Files.isExecutable(CHROMIUM);
    }

    @Test
    @EnabledIf(value = "chromiumIsThere", disabledReason = "there is no /usr/bin/chromium")
    void aDispatcherWorksWithThePage() throws Exception {
        CoreConfig config = new ConfigReader(
                        "CANOPY",
                        Map.of(
                                "CANOPY_DATA_DIR", folder.toString(),
                                "CANOPY_HTTP_PORT", "0",
                                "CANOPY_MQTT_PORT", "0",
                                "CANOPY_LWM2M_PORT", "0",
                                "CANOPY_LWM2M_DTLS_PORT", "0",
                                "CANOPY_DEMO_DEVICES", "100",
                                "CANOPY_DEMO_TREES", "1000",
                                "CANOPY_DEMO_HISTORY_DAYS", "7",
                                "CANOPY_DATABASE_SHARED_BUFFERS_MB", "64"))
                .read(CoreConfig.class, null);
        try (Service service = Service.start(config, Service.Mode.DEMO);
                Demo demo = Demo.start(DemoCommand.stage(service), DemoCommand.wish(config), share -> {})) {
            assertThat(demo).isNotNull();
            Path log = folder.resolve("browser.log");
            ProcessBuilder browser = new ProcessBuilder(List.of("npm", "run", "--silent", "test:browser"))
                    .directory(new File("src/main/web"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            browser.environment().put("CANOPY_URL", "http://127.0.0.1:" + service.httpPort());
            browser.environment().put("CANOPY_USER", "admin");
            browser.environment().put("CANOPY_PASSWORD", service.firstPassword().orElseThrow());
            Process process = browser.start();
            boolean ended = process.waitFor(9, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertThat(ended && process.exitValue() == 0)
                    .as(Files.readString(log))
                    .isTrue();
        }
    }
}
