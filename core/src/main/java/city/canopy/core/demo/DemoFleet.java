package city.canopy.core.demo;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.sim.Report;
import city.canopy.devices.sim.Scenario;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's devices at work: each has an MQTT connection of its own to the service's door and publishes its reports
 * with QoS 1 when they are due. A lost connection is made anew. Runs on one event loop.
 */
public final class DemoFleet implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoFleet.class);
    private static final long TICK_MS = 100;
    private static final long RECONNECT_MS = 2_000;

    private final Vertx vertx;
    private final int port;
    private final Clock clock;
    private final Map<DeviceId, String> tokens;
    private final Map<DeviceId, MqttClient> clients = new HashMap<>();
    private final Iterator<Report> reports;
    private Report next;
    private long timer = -1;
    private volatile boolean closed;

    /**
     * @param port where the service's MQTT door listens on 127.0.0.1
     * @param scenario what the devices say
     * @param tokens each device's credential
     */
    public DemoFleet(Vertx vertx, int port, Scenario scenario, Map<DeviceId, String> tokens, Clock clock) {
        this.vertx = vertx;
        this.port = port;
        this.clock = clock;
        this.tokens = Map.copyOf(tokens);
        this.reports = scenario.from(clock.instant());
    }

    /** Connects all devices; they publish from then on. */
    public void start() {
        vertx.runOnContext(go -> {
            tokens.keySet().forEach(this::connect);
            timer = vertx.setPeriodic(TICK_MS, tick -> publishDue());
        });
    }

    private void connect(DeviceId device) {
        if (closed) {
            return;
        }
        MqttClientOptions options = new MqttClientOptions()
                .setClientId(device.value())
                .setUsername(tokens.get(device))
                .setPassword("")
                .setKeepAliveInterval((int) Duration.ofSeconds(30).toSeconds())
                .setAutoKeepAlive(true);
        MqttClient client = MqttClient.create(vertx, options);
        client.closeHandler(gone -> {
            clients.remove(device);
            vertx.setTimer(RECONNECT_MS, again -> connect(device));
        });
        client.exceptionHandler(e -> log.debug("the demo's device {}: {}", device, e.getMessage()));
        client.connect(port, "127.0.0.1")
                .onSuccess(connected -> clients.put(device, client))
                .onFailure(e -> {
                    log.debug("the demo's device {} cannot connect yet: {}", device, e.getMessage());
                    vertx.setTimer(RECONNECT_MS, again -> connect(device));
                });
    }

    private void publishDue() {
        Instant now = clock.instant();
        while (!closed) {
            if (next == null) {
                next = reports.next();
            }
            if (next.sendAt().isAfter(now)) {
                return;
            }
            MqttClient client = clients.get(next.device());
            if (client != null && client.isConnected()) {
                client.publish(
                                Topics.telemetry(next.device()),
                                Buffer.buffer(next.toJson()),
                                MqttQoS.AT_LEAST_ONCE,
                                false,
                                false)
                        .onFailure(e -> log.debug("a report of the demo was not sent: {}", e.getMessage()));
            }
            next = null;
        }
    }

    /** Stops publishing and disconnects everybody; blocks for a moment. */
    @Override
    public void close() {
        closed = true;
        vertx.runOnContext(go -> {
            vertx.cancelTimer(timer);
            // A copy: each leaves the map while it disconnects.
            List.copyOf(clients.values()).forEach(client -> client.disconnect().otherwiseEmpty());
        });
    }

    /** For callers that want to know how many are connected. */
    Future<Integer> connected() {
        io.vertx.core.Promise<Integer> count = io.vertx.core.Promise.promise();
        vertx.runOnContext(go -> count.complete(clients.size()));
        return count.future();
    }
}
