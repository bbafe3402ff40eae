package city.canopy.core.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code demo.json} in the data folder holds: what the demo follows from, its first moment, and its devices' tokens.
 * Readable by the service's account only.
 */
final class Kept {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the file and of what the devices are; an earlier demo's devices all spoke MQTT. */
    private static final int FORM = 2;

    /** What a city and its fleet follow from. */
    record Size(int devices, int trees, long seed) {
        @Override
        public String toString() {
            return "demo.devices " + devices + ", demo.trees " + trees + " and demo.seed " + seed;
        }
    }

    final Instant start;
    private final Size size;
    final Map<String, String> tokens = new LinkedHashMap<>();

    private Kept(Instant start, Size size) {
        this.start = start;
        this.size = size;
    }

    private static Path file(Path dataDir) {
        return dataDir.resolve("demo.json");
    }

    /** @throws IllegalStateException when the folder holds a demo of another size; the message says what to do */
    static Kept load(Path dataDir, Clock clock, Size wanted) {
        Path file = file(dataDir);
        if (!Files.exists(file)) {
            return new Kept(clock.instant(), wanted);
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            if (json.path("form").asInt(1) != FORM) {
                throw new IllegalStateException(dataDir + " holds a demo of an earlier version of Canopy: remove it, or"
                        + " set data.dir to another folder");
            }
            Size there = new Size(
                    json.path("devices").asInt(),
                    json.path("trees").asInt(),
                    json.path("seed").asLong());
            if (!there.equals(wanted)) {
                throw new IllegalStateException(dataDir + " holds a demo with " + there + ", asked for is one with "
                        + wanted + ": ask for the same again, or set data.dir to another folder");
            }
            Kept kept = new Kept(Instant.parse(json.get("start").asText()), there);
            json.get("tokens")
                    .properties()
                    .forEach(entry ->
                            kept.tokens.put(entry.getKey(), entry.getValue().asText()));
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    void save(Path dataDir) {
        ObjectNode json = JSON.createObjectNode()
                .put("form", FORM)
                .put("start", start.toString())
                .put("devices", size.devices())
                .put("trees", size.trees())
                .put("seed", size.seed());
        ObjectNode all = json.putObject("tokens");
        tokens.forEach(all::put);
        Path draft = dataDir.resolve("demo.json.new");
        try {
            Files.deleteIfExists(draft);
            if (draft.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(draft, JSON.writeValueAsBytes(json));
            Files.move(draft, file(dataDir), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file(dataDir) + ": " + e.getMessage(), e);
        }
    }
}
