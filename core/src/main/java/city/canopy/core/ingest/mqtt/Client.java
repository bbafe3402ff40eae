package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.Principal;
import city.canopy.core.ingest.Inbound;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One client that has logged in: what of it is on its way, what is held because the line is full, and what it is owed.
 * Acknowledgements leave in order of arrival, whatever the order of commits. Event loop only.
 */
final class Client {
    /** How long a client may leave answers unread before it is cut. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** How long a flood of QoS 0 is not read from after a read of which messages were dropped. */
    private static final long REST_MILLIS = 20;

    private final MqttDoor door;
    private final MqttEndpoint endpoint;
    private final Gate gate;
    private final Wire wire;
    private final Principal principal;
    private final Outbox outbox;
    private final boolean mqtt5;
    private final Slot unowed = new Slot(this, 0, 0, (byte) 0);
    /** What is owed an acknowledgement, in order of arrival. */
    private final ArrayDeque<Slot> owed = new ArrayDeque<>();
    /** What the line did not take yet, in order of arrival. */
    private final ArrayDeque<Inbound> held = new ArrayDeque<>();
    /** Packet ids of QoS 2 from their PUBLISH to their PUBREL; the value says whether the PUBREC has gone. */
    private final Map<Integer, Boolean> unreleased = new HashMap<>();

    private final Set<String> filters = new HashSet<>();
    private Will will;
    private String lastTopic;
    private DeviceId lastSpeaker;
    /** What the line's bound counts for the messages that are on their way. */
    private long bytesUnderWay;
    /** Whether it is not read from because of them. */
    private boolean overBytes;
    /** Whether it is not read from because it does not read itself; then since when. */
    private boolean behind;
    /** Whether QoS 0 messages of this read were dropped, and whether it is not read from for a while because of it. */
    private boolean dropped;

    private boolean resting;

    private long behindSince;

    private int unacknowledged;
    private int qosZero;
    private boolean touched;
    private boolean open = true;

    Client(MqttDoor door, MqttEndpoint endpoint, Gate gate, Wire wire, Principal principal) {
        this.door = door;
        this.endpoint = endpoint;
        this.gate = gate;
        this.wire = wire;
        this.principal = principal;
        this.mqtt5 = endpoint.protocolVersion() == Gate.MQTT_5;
        this.will = Will.of(endpoint.will());
        this.outbox = new Outbox(
                endpoint,
                wire,
                door.meters(),
                door.limits().outboundMessages(),
                Math.min(
                        number(MqttProperties.RECEIVE_MAXIMUM, 65_535),
                        door.limits().outboundMessages()),
                number(MqttProperties.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE),
                () -> door.subscriber().lookUpNext(this));
        wire.onDrain(this::drained);
    }

    /** Listens to the endpoint; before it is accepted. */
    void listen() {
        gate.belongsTo(this);
        endpoint.publishHandler(this::published);
        endpoint.publishReleaseHandler(this::released);
        endpoint.publishAcknowledgeHandler(outbox::acknowledged);
        endpoint.subscribeHandler(message -> door.subscriber().subscribe(this, message));
        endpoint.unsubscribeHandler(message -> door.subscriber().unsubscribe(this, message));
        endpoint.disconnectMessageHandler(this::disconnected);
        endpoint.closeHandler(nothing -> closed());
    }

    private int number(int type, int otherwise) {
        MqttProperties.MqttProperty<?> property = endpoint.connectProperties().getProperty(type);
        return property == null ? otherwise : (Integer) property.value();
    }

    MqttEndpoint endpoint() {
        return endpoint;
    }

    Principal principal() {
        return principal;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Stands for a message that no acknowledgement is owed for. */
    Slot unowed() {
        return unowed;
    }

    boolean isMqtt5() {
        return mqtt5;
    }

    boolean isOpen() {
        return open;
    }

    /** The filters that it has subscribed to. */
    Set<String> filters() {
        return filters;
    }

    private void published(MqttPublishMessage message) {
        if (!open) {
            return;
        }
        int qos = message.qosLevel().value();
        int packetId = message.messageId();
        if (qos == 2 && isRepeated(packetId)) {
            return;
        }
        int bound = door.limits().inFlight();
        if (qos == 0 && qosZero >= bound) {
            door.meters().qosZeroDropped();
            dropped = true;
            return;
        }
        if (qos > 0 && unacknowledged >= bound) {
            end(Cause.RECEIVE_MAXIMUM);
            return;
        }
        DeviceId speaker = speaker(message.topicName());
        if (speaker == null) {
            refuse(packetId, qos);
        } else {
            take(message, speaker, owe(packetId, qos, (byte) 0));
        }
    }

    /** Whether this QoS 2 message came before and has not been released; then its PUBREC is sent again, if it was due. */
    private boolean isRepeated(int packetId) {
        Boolean received = unreleased.get(packetId);
        if (Boolean.TRUE.equals(received)) {
            endpoint.publishReceived(packetId);
        }
        return received != null;
    }

    /** Most clients publish to one topic, so its answer is kept. */
    private DeviceId speaker(String topic) {
        if (!topic.equals(lastTopic)) {
            lastSpeaker = door.rights().speaker(principal, topic);
            lastTopic = topic;
        }
        return lastSpeaker;
    }

    private Slot owe(int packetId, int qos, byte reason) {
        if (qos == 0) {
            qosZero++;
            return unowed;
        }
        Slot slot = new Slot(this, packetId, qos, reason);
        owed.add(slot);
        unacknowledged++;
        if (qos == 2) {
            unreleased.put(packetId, false);
        }
        return slot;
    }

    private void take(MqttPublishMessage message, DeviceId speaker, Slot slot) {
        byte[] payload = message.payload().getBytes();
        if (principal instanceof Principal.OfGateway && Topics.parse(lastTopic) instanceof Topics.GatewayUplink) {
            // Each part counts as a message of its own where there is nothing to acknowledge.
            List<Inbound> parts = door.unpack(speaker, lastTopic, payload, slot);
            qosZero += slot == unowed ? parts.size() - 1 : 0;
            parts.forEach(this::offer);
        } else {
            String contentType = mqtt5 ? Will.contentType(message.properties()) : null;
            // The one instance of the topic: a batch would otherwise hold as many copies as messages.
            offer(door.inbound(slot, lastTopic, speaker, contentType, payload));
        }
    }

    private void offer(Inbound inbound) {
        bytesUnderWay += inbound.weight();
        if (bytesUnderWay >= door.limits().inFlightBytes()) {
            overBytes = true;
            pause();
        }
        if (held.isEmpty() && door.offerNew(inbound)) {
            return;
        }
        held.add(inbound);
        if (held.size() == 1) {
            pause();
            door.waitForRoom(this);
        }
    }

    private void refuse(int packetId, int qos) {
        door.refused(this, lastTopic);
        if (!mqtt5) {
            end(Cause.NOT_AUTHORIZED);
        } else if (qos > 0) {
            Slot slot = owe(packetId, qos, MqttPubAckReasonCode.NOT_AUTHORIZED.value());
            slot.settled = true;
            touch();
        }
    }

    /** Does not read from this client any more. */
    void pause() {
        wire.pause();
        gate.paused(true);
    }

    /** Reads again if nothing is against it; what had been read already is handled before this returns. */
    void resume() {
        if (open && held.isEmpty() && !overBytes && !behind && !resting) {
            gate.paused(false);
            wire.resume();
        }
    }

    /** A read has been handled: who does not take the answers is asked no more questions. */
    void readComplete() {
        if (open && dropped) {
            dropped = false;
            resting = true;
            pause();
            door.later(REST_MILLIS, this::rested);
        }
        if (open && !behind && wire.isFull()) {
            behind = true;
            behindSince = System.nanoTime();
            pause();
        }
    }

    private void rested() {
        resting = false;
        door.mayResume(this);
    }

    private void drained() {
        if (behind) {
            behind = false;
            door.mayResume(this);
        }
        outbox.pump();
    }

    /** Whether it has taken nothing of what waits for it for too long. */
    boolean isStuck(long now) {
        return behind && now - behindSince > STUCK_NANOS;
    }

    /** Offers the first message that is held; whether the line took it. */
    boolean offerHeld() {
        if (!door.offer(held.element())) {
            return false;
        }
        held.remove();
        return true;
    }

    boolean holds() {
        return !held.isEmpty();
    }

    /** A message has been committed. */
    void settled(Slot slot, int weight) {
        if (slot == unowed) {
            qosZero--;
        } else {
            settlePart(slot);
        }
        bytesUnderWay -= weight;
        if (overBytes && bytesUnderWay <= door.limits().inFlightBytes() / 2) {
            overBytes = false;
            door.mayResume(this);
        }
    }

    private void settlePart(Slot slot) {
        if (slot.partSettled()) {
            if (slot.last() != null) {
                door.rights().committed(slot.last());
            }
            touch();
        }
    }

    private void touch() {
        if (open && !touched) {
            touched = true;
            door.touched(this);
        }
    }

    /** Sends all acknowledgements that are due, in one write. */
    void acknowledge() {
        touched = false;
        if (!open) {
            return;
        }
        int count = 0;
        for (Slot slot = owed.peek(); slot != null && slot.settled; slot = owed.peek()) {
            owed.remove();
            wire.acknowledge(slot);
            count++;
            if (slot.qos == 2) {
                unreleased.put(slot.packetId, true);
            } else {
                unacknowledged--;
            }
        }
        wire.flush();
        door.meters().acknowledged(count);
        if (wire.isFull()) {
            end(Cause.SLOW_READER);
        }
    }

    private void released(int packetId) {
        if (open) {
            if (Boolean.TRUE.equals(unreleased.get(packetId))) {
                unreleased.remove(packetId);
                unacknowledged--;
            }
            endpoint.publishComplete(packetId);
        }
    }

    /** Sends a live message. */
    void deliver(String topic, byte[] payload, int qos) {
        if (open && !outbox.live(topic, payload, qos)) {
            end(Cause.SLOW_READER);
        }
    }

    private void disconnected(MqttDisconnectMessage message) {
        if (message.code() == MqttDisconnectReasonCode.NORMAL) {
            will = null;
        }
        closed();
    }

    private void closed() {
        if (open) {
            leave();
        }
    }

    /** Ends the connection from our side; an MQTT 5 client is told why. */
    void end(Cause cause) {
        if (!open) {
            return;
        }
        door.meters().disconnected(cause);
        if (cause == Cause.SHUTTING_DOWN) {
            // MQTT 5, 3.1.2.5: a server that shuts down may keep wills to itself. The device has not gone; we have.
            will = null;
        }
        if (cause == Cause.SLOW_READER) {
            wire.cut();
        } else {
            endpoint.disconnect(cause.code(), MqttProperties.NO_PROPERTIES);
        }
        leave();
    }

    private void leave() {
        open = false;
        gate.closing();
        wire.drop();
        // What the line did not take was not acknowledged either: its sender sends it again.
        held.clear();
        owed.clear();
        door.left(this, will);
    }
}
