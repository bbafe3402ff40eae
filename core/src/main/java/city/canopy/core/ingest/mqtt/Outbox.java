package city.canopy.core.ingest.mqtt;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * What goes to one subscriber. Retained state waits for the reader at its own pace; live messages may fall
 * {@code outbound_messages} behind, then the subscriber is disconnected: it reads the retained state anew when it comes
 * back, so nothing but the intermediate states is lost. QoS 1 keeps to the subscriber's own receive maximum; sessions
 * end with their connection, so nothing is sent twice. Event loop only.
 */
final class Outbox {
    private record Delivery(String topic, byte[] payload, int qos, boolean retained) {}

    private final MqttEndpoint endpoint;
    private final Wire wire;
    private final DoorMeters meters;
    private final int bound;
    private final int window;
    private final long packetBytes;
    private final Queue<Delivery> waiting = new ArrayDeque<>();
    private final BitSet unacknowledged = new BitSet();
    private final Set<String> liveMeanwhile = new HashSet<>();
    private int live;
    private int open;
    private int lookups;
    private int lastPacketId;

    /**
     * @param bound how many live messages may wait
     * @param window the client's receive maximum
     * @param packetBytes the client's maximum packet size
     */
    Outbox(MqttEndpoint endpoint, Wire wire, DoorMeters meters, int bound, int window, long packetBytes) {
        this.endpoint = endpoint;
        this.wire = wire;
        this.meters = meters;
        this.bound = bound;
        this.window = window;
        this.packetBytes = packetBytes;
        wire.onDrain(this::pump);
    }

    /** @return false when the subscriber has fallen too far behind */
    boolean live(String topic, byte[] payload, int qos) {
        if (lookups > 0) {
            liveMeanwhile.add(topic);
        }
        if (live >= bound) {
            return false;
        }
        live++;
        waiting.add(new Delivery(topic, payload, qos, false));
        pump();
        return true;
    }

    /** Retained state is being looked up; what is sent live until it is found is newer. */
    void lookingUp() {
        lookups++;
    }

    /** Retained state was found. */
    void retained(List<RetainedState.Retained> found, int qos) {
        for (RetainedState.Retained state : found) {
            if (!liveMeanwhile.contains(state.topic())) {
                waiting.add(new Delivery(state.topic(), state.payload(), qos, true));
            }
        }
        if (--lookups == 0) {
            liveMeanwhile.clear();
        }
        pump();
    }

    /** The subscriber acknowledged a QoS 1 message. */
    void acknowledged(int packetId) {
        if (unacknowledged.get(packetId)) {
            unacknowledged.clear(packetId);
            open--;
            pump();
        }
    }

    private void pump() {
        while (!wire.isFull() && endpoint.isConnected()) {
            Delivery next = waiting.peek();
            if (next == null || (next.qos() > 0 && open >= window)) {
                return;
            }
            waiting.remove();
            if (!next.retained()) {
                live--;
            }
            send(next);
        }
    }

    private void send(Delivery next) {
        long bytes = next.topic().getBytes(StandardCharsets.UTF_8).length + next.payload().length + 16L;
        if (bytes > packetBytes) {
            meters.deliveryDropped();
            return;
        }
        Buffer payload = Buffer.buffer(next.payload());
        if (next.qos() == 0) {
            endpoint.publish(next.topic(), payload, MqttQoS.AT_MOST_ONCE, false, next.retained());
        } else {
            endpoint.publish(next.topic(), payload, MqttQoS.AT_LEAST_ONCE, false, next.retained(), nextPacketId());
        }
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
        } while (unacknowledged.get(lastPacketId));
        unacknowledged.set(lastPacketId);
        open++;
        return lastPacketId;
    }
}
