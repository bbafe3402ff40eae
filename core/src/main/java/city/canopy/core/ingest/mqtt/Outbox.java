package city.canopy.core.ingest.mqtt;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Runnable idle;
    /** Filters whose retained state has not been looked up yet, with their QoS; no more than it has subscriptions. */
    private final Map<String, Integer> wanted = new LinkedHashMap<>();

    private final Queue<Delivery> waiting = new ArrayDeque<>();
    private final BitSet unacknowledged = new BitSet();
    private final Set<String> liveMeanwhile = new HashSet<>();
    private int live;
    private int open;
    private int retainedWaiting;
    private boolean lookingUp;
    private int lastPacketId;

    /**
     * @param bound how many live messages may wait
     * @param window the client's receive maximum
     * @param packetBytes the client's maximum packet size
     * @param idle called when {@link #nextLookUp} may have one
     */
    Outbox(
            MqttEndpoint endpoint,
            Wire wire,
            DoorMeters meters,
            int bound,
            int window,
            long packetBytes,
            Runnable idle) {
        this.endpoint = endpoint;
        this.wire = wire;
        this.meters = meters;
        this.bound = bound;
        this.window = window;
        this.packetBytes = packetBytes;
        this.idle = idle;
    }

    /** @return false when the subscriber has fallen too far behind */
    boolean live(String topic, byte[] payload, int qos) {
        if (lookingUp) {
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

    /** The subscriber is to be told the retained state of this filter, once what it was to be told before has gone. */
    void want(String filter, int qos) {
        wanted.put(filter, qos);
        idle.run();
    }

    /** It does not listen to this filter any more. */
    void doNotWant(String filter) {
        wanted.remove(filter);
    }

    /**
     * The next filter whose retained state is to be looked up, one at a time so that a subscriber that does not read
     * makes nobody keep more than one answer for it; what is sent live until it is found is newer.
     *
     * @return the filter and its QoS, or null when there is none or it is not the time
     */
    Map.Entry<String, Integer> nextLookUp() {
        if (lookingUp || retainedWaiting > 0 || wanted.isEmpty()) {
            return null;
        }
        Map.Entry<String, Integer> next =
                Map.Entry.copyOf(wanted.entrySet().iterator().next());
        wanted.remove(next.getKey());
        lookingUp = true;
        return next;
    }

    /** Retained state was found. */
    void retained(List<RetainedState.Retained> found, int qos) {
        for (RetainedState.Retained state : found) {
            if (!state.replaced() || !liveMeanwhile.contains(state.topic())) {
                waiting.add(new Delivery(state.topic(), state.payload(), qos, true));
                retainedWaiting++;
            }
        }
        lookingUp = false;
        liveMeanwhile.clear();
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

    /** Sends what may be sent now. */
    void pump() {
        while (!wire.isFull() && endpoint.isConnected()) {
            Delivery next = waiting.peek();
            if (next == null || (next.qos() > 0 && open >= window)) {
                break;
            }
            waiting.remove();
            if (next.retained()) {
                retainedWaiting--;
            } else {
                live--;
            }
            send(next);
        }
        idle.run();
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
