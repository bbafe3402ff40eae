package city.canopy.core.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A pack of its own for the crash tests: a layer of bins, a profile and one rule with hysteresis. */
final class CrashPack {
    private CrashPack() {}

    static void write(Path folder, int bins) throws IOException {
        Files.createDirectories(folder.resolve("profiles"));
        Files.createDirectories(folder.resolve("rules"));
        Files.createDirectories(folder.resolve("layers"));
        Files.writeString(folder.resolve("pack.yaml"), """
                id: crash
                version: 1.0.0
                title: {vi: Thử sự cố, en: Crash test}
                layers:
                  - name: crash_bins
                    kind: point
                    title: {vi: Thùng thử, en: Test bins}
                    public: false
                    attributes: []
                """);
        Files.writeString(folder.resolve("services.yaml"), """
                - id: crash-overflow
                  title: {vi: Thùng thử đầy, en: Test bin full}
                  target: PT24H
                  priority: normal
                """);
        Files.writeString(folder.resolve("profiles").resolve("crash-bin.yaml"), """
                id: crash-bin
                title: {vi: Thùng thử, en: Test bin}
                codec: canopy-json
                reports_every: P30D
                quantities: [fill_level]
                """);
        Files.writeString(folder.resolve("rules").resolve("crash-overflow.yaml"), """
                id: crash-overflow
                layer: crash_bins
                quantity: fill_level
                service: crash-overflow
                title: {vi: Thùng thử đầy, en: Test bin full}
                open: fill_level >= 80
                clear: fill_level <= 30
                """);
        StringBuilder features = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        for (int i = 0; i < bins; i++) {
            features.append(i == 0 ? "" : ",")
                    .append(String.format(
                            Locale.ROOT,
                            "{\"type\":\"Feature\",\"id\":\"B%d\",\"properties\":{},\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.6f,%.6f]}}",
                            i,
                            105.84 + i * 0.0005,
                            21.47));
        }
        Files.writeString(
                folder.resolve("layers").resolve("crash_bins.geojson"),
                features.append("]}").toString());
    }
}
