package city.canopy.core.simulate;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.sim.Report;
import city.canopy.devices.sim.Scenario;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated devices at work: each has an MQTT connection of its own and publishes its reports with QoS 1 when they are
 * due. A lost connection is made anew; what would have been said meanwhile is not said later. Runs on one event loop.
 */
public final class MqttFleet implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MqttFleet.class);
    private static final long TICK_MS = 100;
    private static final long RECONNECT_MS = 2_000;
    private static final int KEEP_ALIVE_S = 30;

    private final Vertx vertx;
    private final Door door;
    private final Clock clock;
    private final Map<DeviceId, Login> logins;
    private final Map<DeviceId, MqttClient> clients = new HashMap<>();
    private final Iterator<Report> reports;
    private final LongAdder published = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private volatile int connected;
    private Report next;
    private long timer = -1;
    private volatile boolean closed;

    /** Where the broker listens; TLS trusts what the Java installation trusts. */
    public record Door(String host, int port, boolean tls) {}

    /** What a device logs in with; the password may be empty. */
    public record Login(String user, String password) {}

    /**
     * What it has done so far.
     *
     * @param connected how many devices are connected now
     * @param skipped reports that were due while their device was not connected
     */
    public record Progress(int connected, long published, long acknowledged, long skipped) {}

    /**
     * @param scenario what the devices say; it goes on from the clock's time
     * @param logins each device's
     */
    public MqttFleet(Vertx vertx, Door door, Scenario scenario, Map<DeviceId, Login> logins, Clock clock) {
        this.vertx = vertx;
        this.door = door;
        this.clock = clock;
        this.logins = Map.copyOf(logins);
        this.reports = scenario.from(clock.instant());
    }

    /** Connects all devices; they publish from then on. */
    public void start() {
        vertx.runOnContext(go -> {
            logins.keySet().forEach(this::connect);
            timer = vertx.setPeriodic(TICK_MS, tick -> publishDue());
        });
    }

    /** Any thread. */
    public Progress progress() {
        return new Progress(connected, published.sum(), acknowledged.sum(), skipped.sum());
    }

    private void connect(DeviceId device) {
        if (closed) {
            return;
        }
        Login login = logins.get(device);
        MqttClientOptions options = new MqttClientOptions()
                .setClientId(device.value())
                .setUsername(login.user())
                .setPassword(login.password())
                .setKeepAliveInterval(KEEP_ALIVE_S)
                .setAutoKeepAlive(true);
        if (door.tls()) {
            options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        MqttClient client = MqttClient.create(vertx, options);
        client.closeHandler(gone -> {
            clients.remove(device);
            connected = clients.size();
            vertx.setTimer(RECONNECT_MS, again -> connect(device));
        });
        client.publishCompletionHandler(id -> acknowledged.increment());
        client.exceptionHandler(e -> log.debug("the simulated device {}: {}", device, e.getMessage()));
        client.connect(door.port(), door.host())
                .onSuccess(accepted -> {
                    clients.put(device, client);
                    connected = clients.size();
                })
                .onFailure(e -> {
                    log.debug("the simulated device {} cannot connect yet: {}", device, e.getMessage());
                    vertx.setTimer(RECONNECT_MS, again -> connect(device));
                });
    }

    private void publishDue() {
        while (!closed) {
            if (next == null) {
                next = reports.next();
            }
            if (next.sendAt().isAfter(clock.instant())) {
                return;
            }
            publish(next);
            next = null;
        }
    }

    private void publish(Report report) {
        MqttClient client = clients.get(report.device());
        if (client == null || !client.isConnected()) {
            skipped.increment();
            return;
        }
        published.increment();
        client.publish(
                        Topics.telemetry(report.device()),
                        Buffer.buffer(report.toJson()),
                        MqttQoS.AT_LEAST_ONCE,
                        false,
                        false)
                .onFailure(e -> log.debug("a simulated report was not sent: {}", e.getMessage()));
    }

    /** Says nothing more; the devices stay connected, so that what is on its way can be acknowledged. */
    public void fallSilent() {
        closed = true;
    }

    /** Stops publishing and disconnects everybody; returns at once. */
    @Override
    public void close() {
        closed = true;
        vertx.runOnContext(go -> {
            vertx.cancelTimer(timer);
            // A copy: each leaves the map while it disconnects.
            List.copyOf(clients.values()).forEach(client -> client.disconnect().otherwiseEmpty());
        });
    }
}
