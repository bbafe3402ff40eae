package city.canopy.core.app;

import city.canopy.devices.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that every command with a configuration has. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; ./canopy.yaml where that is there. See docs/configuration.md.")
    private Path file;

    CoreConfig read() {
        Path chosen = file;
        if (chosen == null && Files.exists(Path.of("canopy.yaml"))) {
            chosen = Path.of("canopy.yaml");
        }
        return new ConfigReader("CANOPY", System.getenv()).read(CoreConfig.class, chosen);
    }
}
