package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.crash.LedgerDevice;
import city.canopy.core.gateway.UplinkProxy.Uplink;
import city.canopy.core.http.MqttPeer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hours without an uplink, told in seconds: what the gateway acknowledged to its devices comes to the service, each
 * reading once, as it was sent and in order, though the gateway is killed again and again, its disk fills, and the uplink
 * comes back slow and lossy before it is well. {@code -Dcanopy.test.full=true} tells of 72 hours and twenty kills.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class GatewayOutageTest {
    private static final Logger log = LoggerFactory.getLogger(GatewayOutageTest.class);
    private static final boolean FULL = Boolean.getBoolean("canopy.test.full");
    private static final long SEED = Long.getLong("canopy.test.seed", 20_261_127L);
    private static final int HOURS = FULL ? 72 : 2;
    private static final int LIVE_PER_SECOND = 2;
    private static final int KILLS_IN_OUTAGE = FULL ? 16 : 2;
    private static final int RESETS = FULL ? 20 : 3;
    private static final int LIVE_READINGS = FULL ? 20 : 4;
    private static final Duration LIVE_WITHIN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(FULL ? 15 : 2);
    private static final int MQTT_DEVICES = 7;
    private static final int DEVICES = MQTT_DEVICES + 1;
    private static final long LEFT_ON_DISK = 50_000;
    /** No message takes less, in bytes. */
    private static final long LEAST_RECORD = 50;
    /** What devices may have had kept between two looks. */
    private static final long IN_FLIGHT = 1_000;

    private static final String PLACE = "\"position\":[105.85,21.47]";

    private final Random random = new Random(SEED);
    private final List<Story> stories = new ArrayList<>();
    private final List<LedgerDevice> mqttDevices = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private SendDevice sendDevice;
    private int kills;

    @TempDir
    private Path root;

    @Test
    void whatWasAcknowledgedArrivesOnceAndInOrder() throws Exception {
        try (Ward ward = new Ward(root.resolve("service"));
                UplinkProxy uplink = new UplinkProxy(ward.service.mqttTlsPort(), SEED);
                GatewayProcess gateway =
                        new GatewayProcess(root.resolve("gateway"), ward.service.at("/"), ward.token)) {
            try {
                gateway.uplinkAt(uplink.port());
                tell(ward, uplink, gateway);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        "with -Dcanopy.test.seed=" + SEED + "; the gateway's log ends with\n" + gateway.tail(), e);
            } finally {
                stopDevices();
            }
        }
    }

    private void tell(Ward ward, UplinkProxy uplink, GatewayProcess gateway) throws Exception {
        Ledger ledger = new Ledger(ward.service);
        enrol(ward, gateway);
        String live = ward.enrol("live", "generic-soil-probe", "token", PLACE)
                .path("token")
                .asText();
        gateway.start();
        Ward.until(
                "the gateway knows its devices",
                () -> gateway.status().path("devices").asInt() == DEVICES + 1);
        uplink.be(Uplink.CUT);
        threads.forEach(Thread::start);
        outage(gateway);
        assertThat(ledger.readings()).as("nothing comes without an uplink").isZero();

        uplink.be(Uplink.SLOW);
        comeBackBadly(uplink, gateway, ledger);
        catchUp(ward, uplink, gateway, ledger, live);
        for (int i = 0; i < MQTT_DEVICES; i++) {
            ledger.check(stories.get(i), mqttDevices.get(i).acknowledged());
        }
        ledger.check(stories.get(MQTT_DEVICES), sendDevice.acknowledged());
        assertThat(ledger.quarantined()).isEqualTo("[]");
        log.info("{} readings once and in order after {} kills, seed {}", acknowledged(), kills, SEED);
    }

    /** The devices, each with its share of the readings. */
    private void enrol(Ward ward, GatewayProcess gateway) {
        int size = HOURS * 3_600 * LIVE_PER_SECOND / DEVICES;
        Duration step = Duration.ofMillis(DEVICES * 1_000L / LIVE_PER_SECOND);
        Instant start = Instant.now().minus(HOURS + 1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < MQTT_DEVICES; i++) {
            Story story = new Story("soil-" + i, "soil_temperature", i, start.plusMillis(500L * i), step, size);
            String token = ward.enrol(story.device(), "generic-soil-probe", "token", PLACE)
                    .path("token")
                    .asText();
            LedgerDevice device =
                    new LedgerDevice(story.device(), token, story.json(), gateway::mqttPort, () -> Integer.MAX_VALUE);
            stories.add(story);
            mqttDevices.add(device);
            threads.add(new Thread(device, story.device()));
        }
        Story story = new Story("bin-0", "waste_temperature", 99, start, step, size);
        ward.enrol(story.device(), "lwm2m-bin", null, PLACE);
        sendDevice = new SendDevice(story.device(), story.senml(), gateway::coapPort);
        stories.add(story);
        threads.add(new Thread(sendDevice, story.device()));
    }

    private long acknowledged() {
        return mqttDevices.stream().mapToLong(LedgerDevice::acknowledged).sum() + sendDevice.acknowledged();
    }

    private long all() {
        return stories.stream().mapToLong(Story::size).sum();
    }

    private void kill(GatewayProcess gateway) throws Exception {
        gateway.kill();
        gateway.start();
        kills++;
    }

    /** All readings come while there is no uplink. */
    private void outage(GatewayProcess gateway) throws Exception {
        long share = all() / (KILLS_IN_OUTAGE + 1);
        for (int i = 0; i < KILLS_IN_OUTAGE; i++) {
            long moment = share * i + random.nextLong(share);
            Ward.until("the devices go on", PATIENCE, () -> acknowledged() >= moment);
            kill(gateway);
            if (i == KILLS_IN_OUTAGE / 2) {
                fillDisk(gateway);
            }
        }
        Ward.until("all is acknowledged", PATIENCE, () -> acknowledged() == all());
        assertThat(mqttDevices)
                .allSatisfy(device -> assertThat(device.failure()).isNull());
        assertThat(sendDevice.failure()).isNull();
        assertThat(sendDevice.registrations()).as("registrations survive kills").isEqualTo(1);
        assertThat(gateway.status().at("/store/waiting").asLong()).isGreaterThanOrEqualTo(all());
    }

    /** While the disk is full nobody is acknowledged; when it has room again the same process goes on. */
    private void fillDisk(GatewayProcess gateway) throws Exception {
        long before = gateway.status().at("/store/kept").asLong();
        gateway.fillDisk(LEFT_ON_DISK);
        Ward.until(
                "devices are refused again and again",
                PATIENCE,
                () -> gateway.status().at("/store/refused").asLong() > 100);
        long kept = gateway.status().at("/store/kept").asLong();
        assertThat(kept - before)
                .as("no more than the disk has room for")
                .isLessThan(LEFT_ON_DISK / LEAST_RECORD + IN_FLIGHT);
        gateway.emptyDisk();
        Ward.until(
                "devices go on",
                PATIENCE,
                () -> gateway.status().at("/store/kept").asLong() > kept + LEFT_ON_DISK / LEAST_RECORD);
    }

    /** The uplink is slow, then dead (in the full form), then lossy, and the gateway is killed in the middle of each. */
    private void comeBackBadly(UplinkProxy uplink, GatewayProcess gateway, Ledger ledger) throws Exception {
        Ward.until("some come by the slow uplink", PATIENCE, () -> ledger.readings() > 500);
        if (FULL) {
            kill(gateway);
            uplink.be(Uplink.DEAD);
            Ward.until(
                    "a dead uplink is noticed",
                    PATIENCE,
                    () -> !gateway.status().path("connected").asBoolean());
            kill(gateway);
        }
        uplink.be(Uplink.LOSSY);
        Ward.until("connections are lost", PATIENCE, () -> uplink.resets() >= RESETS);
        kill(gateway);
        if (FULL) {
            Ward.until("more connections are lost", PATIENCE, () -> uplink.resets() >= 2 * RESETS);
            kill(gateway);
        }
    }

    private void catchUp(Ward ward, UplinkProxy uplink, GatewayProcess gateway, Ledger ledger, String token)
            throws Exception {
        uplink.be(Uplink.WELL);
        Ward.until(
                "the gateway has connected",
                PATIENCE,
                () -> gateway.status().path("connected").asBoolean());
        long before = ledger.readings();
        long began = System.nanoTime();
        int beside = live(gateway, ledger, token);
        Ward.until(
                "all has arrived",
                PATIENCE,
                () -> gateway.status().at("/store/waiting").asLong() == 0);
        double seconds = (System.nanoTime() - began) / 1e9;
        double rate = (ledger.readings() - before) / seconds;
        log.info("caught up with {} readings at {}/s", ledger.readings() - before, Math.round(rate));
        assertThat(beside).as("live readings while it caught up").isPositive();
        assertThat(rate).isGreaterThan(20 * LIVE_PER_SECOND);
    }

    /** Says something now, again and again, and looks when it is there; how many of them were said while it caught up. */
    private int live(GatewayProcess gateway, Ledger ledger, String token) throws Exception {
        int beside = 0;
        try (MqttPeer device = MqttPeer.byToken(gateway.mqttPort(), token, "live")) {
            for (int i = 0; i < LIVE_READINGS; i++) {
                JsonNode status = gateway.status();
                Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
                assertThat(device.publish(
                                "v1/devices/me/telemetry",
                                "{\"ts\":%d,\"values\":{\"soil_temperature\":20}}".formatted(now.toEpochMilli())))
                        .isZero();
                long acknowledged = System.nanoTime();
                Ward.until("a live reading arrives", LIVE_WITHIN, () -> ledger.has("live", now));
                log.info(
                        "a live reading took {} ms beside {} that waited",
                        (System.nanoTime() - acknowledged) / 1_000_000,
                        status.at("/store/waiting"));
                beside += status.path("catching_up").asBoolean() ? 1 : 0;
            }
        }
        return beside;
    }

    private void stopDevices() throws InterruptedException {
        mqttDevices.forEach(LedgerDevice::stop);
        if (sendDevice != null) {
            sendDevice.close();
        }
        for (Thread thread : threads) {
            if (thread.isAlive()) {
                thread.join(PATIENCE.toMillis());
            }
        }
    }
}
