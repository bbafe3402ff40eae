package city.canopy.core.simulate;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Scenario;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code canopy simulate}: a seeded fleet against any broker. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "A seeded fleet of calm devices that publish over MQTT: bins, soil probes, tilt sensors, water levels.",
            "With --service it enrols them there first, by the API token in the environment's CANOPY_TOKEN, and keeps",
            "their tokens in --credentials for the next run. Without it every device logs in with --user and --password."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every report was acknowledged", "1:some were not", "2:it could not begin"})
public final class SimulateCommand implements Callable<Integer> {
    private static final int MAX_DEVICES = 20_000;
    private static final int MAX_RATE = 50_000;
    private static final int ENROL_AT_ONCE = 5_000;
    private static final long TELL_EVERY_S = 5;
    private static final long LAST_WORDS_S = 10;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--broker",
            defaultValue = "mqtt://127.0.0.1:1883",
            description = "mqtt:// or mqtts://, host and port; default ${DEFAULT-VALUE}.")
    private URI broker;

    @Option(names = "--service", description = "A running service such as http://127.0.0.1:8080 to enrol at.")
    private URI service;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            defaultValue = "simulated-devices.csv",
            description = "Where the tokens of enrolled devices are kept; default ${DEFAULT-VALUE}.")
    private Path credentials;

    @Option(names = "--user", defaultValue = "", description = "The user name of every device, without --service.")
    private String user;

    @Option(
            names = "--password",
            interactive = true,
            arity = "0..1",
            defaultValue = "",
            description = "The password of every device; asked for where none is given.")
    private String password;

    @Option(names = "--devices", defaultValue = "100", description = "1 to 20000; default ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--rate",
            defaultValue = "10",
            description = "Messages a second of all together, to 50000; default ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "What they say follows from it; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--for", paramLabel = "DURATION", description = "How long, such as PT10M; until Ctrl-C without it.")
    private Duration length;

    @Override
    public Integer call() throws InterruptedException {
        double every = devices / rate;
        if (devices < 1 || devices > MAX_DEVICES || !(rate > 0) || rate > MAX_RATE || every < 0.1 || every > 86_400) {
            throw usage("--devices 1 to " + MAX_DEVICES + ", --rate over 0 to " + MAX_RATE
                    + ", and each device speaks once in 0.1 s to once a day");
        }
        MqttFleet.Door door = door();
        Map<DeviceId, MqttFleet.Login> logins;
        try {
            logins = logins();
        } catch (IOException e) {
            throw usage(e.getMessage() == null ? "the service cannot be reached: " + e : e.getMessage());
        }
        return run(door, logins, Duration.ofMillis(Math.round(every * 1000)));
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private MqttFleet.Door door() {
        boolean tls = "mqtts".equals(broker.getScheme());
        if (broker.getHost() == null || !tls && !"mqtt".equals(broker.getScheme())) {
            throw usage("--broker is mqtt://HOST:PORT or mqtts://HOST:PORT, not " + broker);
        }
        int standard = tls ? 8883 : 1883;
        return new MqttFleet.Door(broker.getHost(), broker.getPort() < 0 ? standard : broker.getPort(), tls);
    }

    private static DeviceId id(int n) {
        return new DeviceId("sim-%05d".formatted(n));
    }

    private Map<DeviceId, MqttFleet.Login> logins() throws IOException, InterruptedException {
        Map<DeviceId, MqttFleet.Login> logins = new LinkedHashMap<>();
        if (service == null) {
            for (int n = 0; n < devices; n++) {
                logins.put(id(n), new MqttFleet.Login(user, password));
            }
            return logins;
        }
        KeptLogins kept = KeptLogins.read(credentials);
        enrolMissing(kept);
        for (int n = 0; n < devices; n++) {
            logins.put(id(n), new MqttFleet.Login(kept.tokens().get(id(n)), ""));
        }
        return logins;
    }

    private void enrolMissing(KeptLogins kept) throws IOException, InterruptedException {
        List<ServiceClient.Wish> missing = new ArrayList<>();
        ServiceClient client = null;
        Map<String, List<String>> features = new LinkedHashMap<>();
        for (int n = 0; n < devices; n++) {
            if (kept.tokens().containsKey(id(n))) {
                continue;
            }
            CalmSignals kind = CalmSignals.of(n);
            client = client == null ? client() : client;
            if (!features.containsKey(kind.layer())) {
                features.put(kind.layer(), client.features(kind.layer()));
            }
            List<String> places = features.get(kind.layer());
            if (places.isEmpty()) {
                throw new IOException("the layer " + kind.layer() + " is empty; fill it before devices stand in it");
            }
            missing.add(new ServiceClient.Wish(id(n), kind.profile(), kind.layer(), places.get(n % places.size())));
        }
        for (int from = 0; from < missing.size(); from += ENROL_AT_ONCE) {
            kept.add(client.enrol(missing.subList(from, Math.min(missing.size(), from + ENROL_AT_ONCE))));
            say("enrolled " + Math.min(missing.size(), from + ENROL_AT_ONCE) + " of " + missing.size() + " devices");
        }
    }

    private ServiceClient client() throws IOException {
        String token = System.getenv("CANOPY_TOKEN");
        if (token == null || token.isBlank()) {
            throw new IOException("--service needs an API token of a dispatcher or administrator; set CANOPY_TOKEN");
        }
        return new ServiceClient(service, token);
    }

    private Integer run(MqttFleet.Door door, Map<DeviceId, MqttFleet.Login> logins, Duration every)
            throws InterruptedException {
        List<Fleet.Member> members = new ArrayList<>();
        Random random = new Random(seed);
        for (int n = 0; n < devices; n++) {
            members.add(Fleet.Member.of(id(n), every, CalmSignals.of(n).all(random)));
        }
        Clock clock = Clock.systemUTC();
        Vertx vertx = Vertx.vertx();
        MqttFleet fleet =
                new MqttFleet(vertx, door, new Scenario(seed, clock.instant(), new Fleet(members)), logins, clock);
        CountDownLatch stop = new CountDownLatch(1);
        Thread hook = new Thread(stop::countDown, "simulate-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        fleet.start();
        tell(fleet, stop);
        fleet.fallSilent();
        MqttFleet.Progress end = settled(fleet);
        fleet.close();
        say("published %,d, acknowledged %,d, skipped while not connected %,d"
                .formatted(end.published(), end.acknowledged(), end.skipped()));
        vertx.close();
        return end.published() > 0 && end.acknowledged() == end.published()
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    /** Says every few seconds how it goes, until it is over. */
    private void tell(MqttFleet fleet, CountDownLatch stop) throws InterruptedException {
        long began = System.nanoTime();
        long end = length == null ? Long.MAX_VALUE : length.toNanos();
        MqttFleet.Progress before = fleet.progress();
        for (long left = end; left > 0; left = end - (System.nanoTime() - began)) {
            long pause = Math.min(left, TimeUnit.SECONDS.toNanos(TELL_EVERY_S));
            if (stop.await(pause, TimeUnit.NANOSECONDS)) {
                return;
            }
            MqttFleet.Progress now = fleet.progress();
            double seconds = pause / 1e9;
            say("%d of %d connected, %.1f messages/s published, %.1f acknowledged, %d skipped"
                    .formatted(
                            now.connected(),
                            devices,
                            (now.published() - before.published()) / seconds,
                            (now.acknowledged() - before.acknowledged()) / seconds,
                            now.skipped() - before.skipped()));
            before = now;
        }
    }

    /** Waits for what is on its way, for a while. */
    private static MqttFleet.Progress settled(MqttFleet fleet) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_WORDS_S);
        MqttFleet.Progress now = fleet.progress();
        while (now.acknowledged() < now.published() && now.connected() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20);
            now = fleet.progress();
        }
        return now;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
