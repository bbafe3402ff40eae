package city.canopy.core.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The bins of the crash tests: what they say, always the same, and a service that knows them. */
final class BinStory {
    private static final long SEED = 20_261_123L;

    private BinStory() {}

    /**
     * A bin that fills, is emptied, and whose sensor wavers around both thresholds; a payload a minute.
     *
     * @param start when the first was measured
     */
    static List<String> payloads(int device, int count, Instant start) {
        Random random = new Random(SEED * 31 + device);
        List<String> payloads = new ArrayList<>(count);
        double level = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            level = level > 95
                    ? random.nextInt(20)
                    : Math.max(0, Math.min(100, level + random.nextGaussian() * 3 + 0.5));
            payloads.add("{\"ts\":%d,\"values\":{\"fill_level\":%.1f}}"
                    .formatted(start.plusSeconds(60L * i).toEpochMilli(), level));
        }
        return payloads;
    }

    static String token(int device) {
        return "crash-test-device-token-" + (1000 + device);
    }

    /**
     * Starts a service with the crash pack and its bins d0, d1 and so on.
     *
     * @param folder its data folder, made here
     * @param settings further lines of its configuration
     */
    static ServiceProcess service(Path folder, int devices, String settings) throws Exception {
        Files.createDirectories(folder);
        CrashPack.write(folder.resolve("packs").resolve("crash"), devices);
        ServiceProcess service = new ServiceProcess(folder, settings);
        service.start();
        StringBuilder csv = new StringBuilder("id,profile,layer,feature_id,credential,secret\n");
        for (int i = 0; i < devices; i++) {
            csv.append("d%d,crash-bin,crash_bins,B%d,token,%s\n".formatted(i, i, token(i)));
        }
        service.call("POST", "/api/v1/devices/import", "text/csv", csv.toString());
        return service;
    }
}
