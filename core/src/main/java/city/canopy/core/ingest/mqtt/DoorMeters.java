package city.canopy.core.ingest.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The door's counters. What counts messages is written by the event loop alone, and read by any thread. */
final class DoorMeters {
    private final Map<Cause, Counter> disconnects = new EnumMap<>(Cause.class);
    private final Counter refusedLogins;
    private final Counter refusedTakeOvers;
    private final Counter refusedPublishes;
    private final Counter refusedSubscriptions;
    private final Counter droppedQosZero;
    private final Counter droppedWills;
    private final Counter droppedDeliveries;
    private volatile long accepted;
    private volatile long acknowledged;
    private volatile long connections;
    private volatile long waiting;

    DoorMeters(MeterRegistry registry) {
        for (Cause cause : Cause.values()) {
            disconnects.put(
                    cause,
                    Counter.builder("canopy.mqtt.disconnects")
                            .description("Connections that the MQTT door ended, by cause")
                            .tag("cause", cause.label())
                            .register(registry));
        }
        refusedLogins = counter(registry, "canopy.mqtt.refused.logins", "CONNECTs whose proof was wrong");
        refusedTakeOvers = counter(
                registry, "canopy.mqtt.refused.takeovers", "CONNECTs with the client id of somebody else's connection");
        refusedPublishes = counter(
                registry, "canopy.mqtt.refused.publishes", "Messages to topics that their sender may not write to");
        refusedSubscriptions =
                counter(registry, "canopy.mqtt.refused.subscriptions", "Topic filters that the subscriber may not see");
        droppedQosZero = counter(registry, "canopy.mqtt.dropped.qos0", "QoS 0 messages over the client's bound");
        droppedWills =
                counter(registry, "canopy.mqtt.dropped.wills", "Wills to topics that their client may not write to");
        droppedDeliveries = counter(
                registry, "canopy.mqtt.dropped.deliveries", "Messages longer than their subscriber said it takes");
        FunctionCounter.builder("canopy.mqtt.messages", this, m -> m.accepted)
                .description("Messages taken in by the MQTT door")
                .register(registry);
        FunctionCounter.builder("canopy.mqtt.acknowledged", this, m -> m.acknowledged)
                .description("Messages acknowledged by the MQTT door")
                .register(registry);
        Gauge.builder("canopy.mqtt.connections", this, m -> m.connections)
                .description("MQTT connections, logged in or not")
                .register(registry);
        Gauge.builder("canopy.mqtt.waiting", this, m -> m.waiting)
                .description("Clients whose messages wait because the line is full")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void disconnected(Cause cause) {
        disconnects.get(cause).increment();
    }

    void loginRefused() {
        refusedLogins.increment();
    }

    void takeOverRefused() {
        refusedTakeOvers.increment();
    }

    void publishRefused() {
        refusedPublishes.increment();
    }

    void subscriptionRefused() {
        refusedSubscriptions.increment();
    }

    void qosZeroDropped() {
        droppedQosZero.increment();
    }

    void willDropped() {
        droppedWills.increment();
    }

    void deliveryDropped() {
        droppedDeliveries.increment();
    }

    /** Event loop only: a plain write is enough where there is one writer. */
    void accepted() {
        accepted++;
    }

    void acknowledged(int count) {
        acknowledged += count;
    }

    void connections(int count) {
        connections = count;
    }

    void waiting(int count) {
        waiting = count;
    }
}
