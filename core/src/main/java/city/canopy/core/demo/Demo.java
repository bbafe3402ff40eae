package city.canopy.core.demo;

import city.canopy.core.access.Secrets;
import city.canopy.core.demo.city.DemoCity;
import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.city.DemoDevices;
import city.canopy.core.demo.crew.Crew;
import city.canopy.core.demo.crew.Teams;
import city.canopy.core.demo.past.History;
import city.canopy.core.demo.story.Director;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.packs.Packs;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Registry;
import city.canopy.core.simulate.MqttFleet;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Scenario;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a service with the generated city and its past, and sets its simulated fleet going. The devices that tell the
 * story speak at once; the calm ones when their past has been told. What the devices are called, their credentials and the
 * first moment of their story lie in {@code data.dir/demo.json}, so that a demo which is started again goes on where it was.
 */
public final class Demo implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PSK_BYTES = 16;
    private static final int DTLS_EVERY = 5;
    private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(15);

    private final Stage stage;
    private final Wish wish;
    private final Kept kept;
    private final List<DemoDevice> devices;
    private final List<MqttFleet> fleets = new ArrayList<>();
    private final Director director;
    private final Thread past;
    private boolean closed;

    /**
     * What the demo works on.
     *
     * @param mqttPort where the door listens on 127.0.0.1
     * @param ways where the past is told
     * @param edge the gateway and what speaks LwM2M
     */
    public record Stage(
            Path dataDir,
            PgLayers layers,
            Registry registry,
            Vertx vertx,
            int mqttPort,
            Clock clock,
            History.Ways ways,
            Edge edge) {}

    /**
     * What it is to be.
     *
     * @param historyDays how long the past is; 0 for none
     * @param plane centred somewhere near
     * @param zone where days begin
     */
    public record Wish(int devices, int trees, long seed, int historyDays, WorkingPlane plane, ZoneId zone) {}

    private Demo(Stage stage, Wish wish, DoubleConsumer progress) {
        this.stage = stage;
        this.wish = wish;
        this.kept = Kept.load(stage.dataDir(), stage.clock(), new Kept.Size(wish.devices(), wish.trees(), wish.seed()));
        Map<String, List<GeoFeature>> city = new DemoCity(wish.seed(), wish.trees(), wish.plane()).layers();
        city.forEach((layer, features) -> stage.layers().seed(layer, features, "demo"));
        this.devices = DemoDevices.place(city, wish.devices(), wish.seed(), hour(kept.start, wish.zone()));
        enrol();
        Teams teams = new Teams(city);
        Crew crew = new Crew(stage.ways().database(), stage.ways().desk(), teams);
        this.director = new Director(devices, kept.start, crew, stage.ways().announced(), stage.clock());
        this.past = new Thread(() -> tell(crew, progress), "demo-history");
    }

    /**
     * Starts it; blocks until the city and the devices are there.
     *
     * @param progress hears from another thread how much of the past has been told, 0 to 1; not at all where there is
     *     nothing to tell
     * @throws IllegalStateException when the data folder holds a demo of another size; the message says what to do
     */
    public static Demo start(Stage stage, Wish wish, DoubleConsumer progress) {
        Demo demo = new Demo(stage, wish, progress);
        demo.speak(DemoDevice.Role.STORY);
        demo.speak(DemoDevice.Role.TRUCK);
        demo.director.start();
        demo.past.start();
        return demo;
    }

    private static double hour(Instant moment, ZoneId zone) {
        return moment.atZone(zone).toLocalTime().toSecondOfDay() / 3_600.0;
    }

    private void enrol() {
        for (DemoDevice device : devices) {
            kept.tokens.computeIfAbsent(device.id().value(), id -> device.isLwM2m() ? key() : Secrets.token());
        }
        // The secrets are on disk before the service knows them: a crash in between loses nothing.
        kept.save(stage.dataDir());
        DeviceId gateway = stage.edge().open();
        List<Enrolment> wishes = new ArrayList<>();
        for (DemoDevice device : devices) {
            if (stage.registry().find(device.id()).isEmpty()) {
                wishes.add(wish(device, gateway));
            }
        }
        if (!wishes.isEmpty()) {
            stage.registry().enrol(wishes);
        }
    }

    private Enrolment wish(DemoDevice device, DeviceId gateway) {
        String secret = kept.tokens.get(device.id().value());
        Optional<Enrolment.NewCredential> credential = device.isLwM2m()
                ? pskOf(device).map(key -> new Enrolment.NewCredential.Psk(Optional.empty(), Optional.of(key)))
                : Optional.of(new Enrolment.NewCredential.Token(Optional.of(secret)));
        return new Enrolment(
                device.id(),
                device.profile(),
                Optional.empty(),
                device.binding(),
                device.isLwM2m() ? Optional.of(gateway) : Optional.empty(),
                credential);
    }

    /** Every fifth comes encrypted; the others are of the kind that cannot. */
    private Optional<String> pskOf(DemoDevice device) {
        boolean encrypted = Math.floorMod(device.id().value().hashCode(), DTLS_EVERY) == 0;
        return encrypted ? Optional.of(kept.tokens.get(device.id().value())) : Optional.empty();
    }

    private static String key() {
        byte[] key = new byte[PSK_BYTES];
        RANDOM.nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    private Scenario scenario(List<DemoDevice> some) {
        return new Scenario(
                wish.seed(),
                kept.start,
                new Fleet(some.stream().map(DemoDevice::member).toList()));
    }

    private synchronized void speak(DemoDevice.Role role) {
        List<DemoDevice> all =
                devices.stream().filter(device -> device.role() == role).toList();
        List<DemoDevice> lwm2m = all.stream().filter(DemoDevice::isLwM2m).toList();
        if (!closed && !lwm2m.isEmpty()) {
            stage.edge().speak(lwm2m.stream().map(this::member).toList(), scenario(lwm2m));
        }
        List<DemoDevice> some = all.stream().filter(device -> !device.isLwM2m()).toList();
        if (closed || some.isEmpty()) {
            return;
        }
        Map<DeviceId, MqttFleet.Login> logins = new LinkedHashMap<>();
        some.forEach(device -> logins.put(
                device.id(), new MqttFleet.Login(kept.tokens.get(device.id().value()), "")));
        MqttFleet fleet = new MqttFleet(
                stage.vertx(),
                new MqttFleet.Door("127.0.0.1", stage.mqttPort(), false),
                scenario(some),
                logins,
                stage.clock());
        fleets.add(fleet);
        fleet.start();
    }

    private Edge.Member member(DemoDevice device) {
        return new Edge.Member(device.id(), device.profile(), pskOf(device));
    }

    private void tell(Crew crew, DoubleConsumer progress) {
        try {
            if (wish.historyDays() > 0) {
                Profiles profiles = Packs.load(Optional.of(stage.dataDir().resolve("packs")))
                        .profiles();
                History.Scene scene = new History.Scene(
                        devices,
                        scenario(devices),
                        wish.historyDays(),
                        wish.zone(),
                        profile -> profiles.find(profile).orElseThrow().reportEvery());
                new History(scene, stage.ways(), crew).tell(progress);
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            log.error("the demo's past was not told to its end; the next start goes on with it", e);
        }
        speak(DemoDevice.Role.CALM);
    }

    /** Waits until the past has been told; for those who want to look at it. */
    public void awaitPast() throws InterruptedException {
        past.join();
    }

    /** Cuts the past off where it is and lets everybody fall silent; blocks for a moment. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        past.interrupt();
        try {
            past.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        director.close();
        fleets.forEach(MqttFleet::close);
        stage.edge().close();
    }
}
