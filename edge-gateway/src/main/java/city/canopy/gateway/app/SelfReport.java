package city.canopy.gateway.app;

import city.canopy.devices.envelope.Topics;
import city.canopy.gateway.forward.BrokerLink;
import city.canopy.gateway.http.GatewayStatus;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gateway says of itself, as attributes of the device that it is: which configuration it uses, what waits, its
 * version. Once a minute while there is an uplink, and at once when something of it is news. It is not kept: the next one
 * says the same.
 */
final class SelfReport implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SelfReport.class);
    private static final long EVERY_S = 60;

    private final BrokerLink link;
    private final Supplier<GatewayStatus> status;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "gateway-report"));

    SelfReport(BrokerLink link, Supplier<GatewayStatus> status) {
        this.link = link;
        this.status = status;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::say, EVERY_S, EVERY_S, TimeUnit.SECONDS);
    }

    /** There is news. Any thread; returns at once. */
    void sayNow() {
        if (!timer.isShutdown()) {
            timer.execute(this::say);
        }
    }

    private void say() {
        if (!link.isConnected()) {
            return;
        }
        GatewayStatus now = status.get();
        JsonObject attributes = new JsonObject()
                .put("config_version", now.configuration())
                .put("version", now.version())
                .put("waiting", now.store().waiting())
                .put("store_bytes", now.store().bytes())
                .put("store_most_bytes", now.store().mostBytes())
                .put("refused", now.store().refused())
                .put("mqtt_connections", now.mqttConnections());
        now.lwm2m().forEach((state, count) -> attributes.put("lwm2m_" + state, count));
        link.publish(Topics.MY_ATTRIBUTES, attributes.toBuffer().getBytes()).exceptionally(failure -> {
            log.debug("what the gateway says of itself did not arrive: {}", failure.getMessage());
            return null;
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
