package city.canopy.core.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A profile with ten quantities of the packs, so that a message can carry ten values that rules look at. */
final class BenchPack {
    static final String[] QUANTITIES = {
        "soil_moisture",
        "soil_temperature",
        "air_temperature",
        "relative_humidity",
        "tilt",
        "fill_level",
        "waste_temperature",
        "water_level",
        "rainfall",
        "wind_speed"
    };

    private BenchPack() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("profiles"));
        Files.writeString(folder.resolve("pack.yaml"), """
                id: bench
                version: 1.0.0
                title: {vi: Đo hiệu năng, en: Bench}
                layers: []
                """);
        Files.writeString(
                folder.resolve("profiles").resolve("bench-ten.yaml"), """
                id: bench-ten
                title: {vi: Mười đại lượng, en: Ten quantities}
                codec: canopy-json
                reports_every: P30D
                quantities: [%s]
                """.formatted(String.join(", ", QUANTITIES)));
        Files.writeString(folder.resolve("profiles").resolve("bench-one.yaml"), """
                id: bench-one
                title: {vi: Một đại lượng, en: One quantity}
                codec: canopy-json
                reports_every: P30D
                quantities: [soil_moisture]
                """);
    }
}
