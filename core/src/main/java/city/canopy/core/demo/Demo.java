package city.canopy.core.demo;

import city.canopy.core.access.Secrets;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Registry;
import city.canopy.core.simulate.MqttFleet;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Scenario;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills a service with the generated city and sets its simulated fleet going. What the fleet's devices are called, their
 * credentials and the first moment of their story lie in {@code data.dir/demo.json}, readable by the service's account
 * only, so that a demo which is started again goes on where it was.
 */
public final class Demo implements AutoCloseable {
    private final MqttFleet fleet;

    private Demo(MqttFleet fleet) {
        this.fleet = fleet;
    }

    /**
     * What the demo works on.
     *
     * @param mqttPort where the door listens on 127.0.0.1
     */
    public record Stage(Path dataDir, PgLayers layers, Registry registry, Vertx vertx, int mqttPort, Clock clock) {}

    /**
     * Starts it; blocks until the city and the devices are there.
     *
     * @throws IllegalStateException when the data folder holds a demo of another size; the message says what to do
     */
    public static Demo start(Stage stage, int devices, int trees, long seed, WorkingPlane plane) {
        Kept kept = Kept.load(stage.dataDir(), stage.clock(), new Size(devices, trees, seed));
        Map<String, List<GeoFeature>> city = new DemoCity(seed, trees, plane).layers();
        city.forEach((layer, features) -> stage.layers().seed(layer, features, "demo"));
        List<DemoDevices.Placed> placed = DemoDevices.place(city, devices, seed);
        enrol(stage, placed, kept);
        List<Fleet.Member> members =
                placed.stream().map(DemoDevices.Placed::member).toList();
        Map<DeviceId, MqttFleet.Login> logins = new LinkedHashMap<>();
        placed.forEach(device -> logins.put(
                device.id(), new MqttFleet.Login(kept.tokens.get(device.id().value()), "")));
        MqttFleet fleet = new MqttFleet(
                stage.vertx(),
                new MqttFleet.Door("127.0.0.1", stage.mqttPort(), false),
                new Scenario(seed, kept.start, new Fleet(members)),
                logins,
                stage.clock());
        fleet.start();
        return new Demo(fleet);
    }

    private static void enrol(Stage stage, List<DemoDevices.Placed> placed, Kept kept) {
        for (DemoDevices.Placed device : placed) {
            kept.tokens.computeIfAbsent(device.id().value(), id -> Secrets.token());
        }
        // The tokens are on disk before the service knows them: a crash in between loses nothing.
        kept.save(stage.dataDir());
        List<Enrolment> wishes = new ArrayList<>();
        for (DemoDevices.Placed device : placed) {
            if (stage.registry().find(device.id()).isEmpty()) {
                wishes.add(new Enrolment(
                        device.id(),
                        device.profile(),
                        Optional.empty(),
                        new Binding.ToFeature(
                                device.feature().layer(), device.feature().id()),
                        Optional.empty(),
                        Optional.of(new Enrolment.NewCredential.Token(
                                Optional.of(kept.tokens.get(device.id().value()))))));
            }
        }
        if (!wishes.isEmpty()) {
            stage.registry().enrol(wishes);
        }
    }

    @Override
    public void close() {
        fleet.close();
    }

    /** What a city and its fleet follow from. */
    private record Size(int devices, int trees, long seed) {
        @Override
        public String toString() {
            return "demo.devices " + devices + ", demo.trees " + trees + " and demo.seed " + seed;
        }
    }

    /** What {@code demo.json} holds. */
    private static final class Kept {
        private static final ObjectMapper JSON = new ObjectMapper();
        private final Instant start;
        private final Size size;
        private final Map<String, String> tokens = new LinkedHashMap<>();

        private Kept(Instant start, Size size) {
            this.start = start;
            this.size = size;
        }

        private static Path file(Path dataDir) {
            return dataDir.resolve("demo.json");
        }

        /** @throws IllegalStateException when the folder holds a demo of another size */
        static Kept load(Path dataDir, Clock clock, Size wanted) {
            Path file = file(dataDir);
            if (!Files.exists(file)) {
                return new Kept(clock.instant(), wanted);
            }
            try {
                JsonNode json = JSON.readTree(file.toFile());
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
                Files.move(draft, file(dataDir), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file(dataDir) + ": " + e.getMessage(), e);
            }
        }
    }
}
