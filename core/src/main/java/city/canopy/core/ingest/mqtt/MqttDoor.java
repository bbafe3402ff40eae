package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.MqttLogin;
import city.canopy.core.ingest.Door;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.Intake;
import city.canopy.devices.envelope.ForeignTopics;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where devices connect: MQTT 3.1.1 and 5 over TCP, TLS and WebSocket. A door with a stated set of topics, not a
 * broker: a QoS 1 message is acknowledged only when the line says that it is committed (for 3.1.1 so is QoS 2, by its
 * PUBREC), and acknowledgements leave in each client's order of arrival.
 *
 * <p>Sessions end with their connection (MQTT 5 clients are told so): what was not acknowledged is sent again by the
 * client as new. The line knows a reading that comes twice by its time.
 *
 * <p>One event loop carries all of it, so nothing in this package is locked; the public methods may be called from any
 * thread. What each client and all of them may take is in {@link MqttLimits} and {@link MqttConnections}.
 */
public final class MqttDoor implements Door {
    /** The name in logs, metrics and traces. */
    public static final String NAME = "mqtt";

    private static final Logger LOG = LoggerFactory.getLogger(MqttDoor.class);
    /** What {@code MqttServer} says of a packet for a connection that has ended or was not let in. */
    private static final String AFTER_END = "Received an MQTT packet from a not connected client";

    private static final long CHECK_MILLIS = 500;
    private static final long DRAIN_CHECK_MILLIS = 10;

    /**
     * Where the door listens; -1 where it does not.
     *
     * @param mqtt plain MQTT
     * @param tls MQTT over TLS
     * @param ws MQTT over WebSocket
     */
    public record Ports(int mqtt, int tls, int ws) {}

    private final MqttConfig config;
    private final Intake intake;
    private final Clock clock;
    private final Context loop;
    private final Vertx vertx;
    private final DoorMeters meters;
    private final Rights rights;
    private final ForeignTopics foreign;
    private final Parcel parcel;
    private final Sockets sockets;
    private final Listening listening;
    private final Reception reception;
    private final Subscriber subscriber;
    private final boolean groupsAcknowledgements;

    private final List<Client> touched = new ArrayList<>();
    /** Clients that hold messages, whose turn it is first. */
    private final ArrayDeque<Client> waiting = new ArrayDeque<>();
    /** Wills of clients that have gone while the line was full. */
    private final ArrayDeque<Inbound> wills = new ArrayDeque<>();

    private volatile Ports ports = new Ports(-1, -1, -1);
    private boolean askedForRoom;
    private boolean stopping;
    private long timer = -1;
    private long slices = -1;
    private int underWay;

    /**
     * What the door needs of its neighbours.
     *
     * @param login who connects
     * @param gateways which device is behind which gateway
     * @param retained what a new subscriber is told first
     * @param intake the line
     */
    public record Neighbours(MqttLogin login, Gateways gateways, RetainedState retained, Intake intake) {}

    /**
     * A message for one device, on a topic that means whoever listens to it.
     *
     * @param topic below {@code v1/devices/me}
     * @param payload the bytes; not to be written to afterwards
     */
    public record Own(DeviceId device, String topic, byte[] payload) {
        public Own {
            if (!topic.startsWith(Rights.ME)) {
                throw new IllegalArgumentException(topic + " does not mean the subscriber itself");
            }
        }
    }

    /** Makes the door; {@link #start} opens it. */
    public MqttDoor(Vertx vertx, MqttConfig config, Neighbours neighbours, MeterRegistry meters, Clock clock) {
        this(vertx, config, neighbours, meters, clock, true);
    }

    /** @param groupsAcknowledgements false: each leaves in a write of its own, through vertx-mqtt's public interface */
    MqttDoor(
            Vertx vertx,
            MqttConfig config,
            Neighbours neighbours,
            MeterRegistry meters,
            Clock clock,
            boolean groupsAcknowledgements) {
        this.vertx = vertx;
        this.config = config;
        this.intake = neighbours.intake();
        this.clock = clock;
        this.foreign = new ForeignTopics(clock);
        this.groupsAcknowledgements = groupsAcknowledgements;
        this.loop = ((VertxInternal) vertx).createEventLoopContext();
        this.loop.exceptionHandler(MqttDoor::failed);
        this.meters = new DoorMeters(meters);
        this.rights = new Rights(neighbours.gateways());
        this.parcel = new Parcel(this, rights);
        this.sockets = new Sockets(config.connections(), this.meters);
        this.listening = new Listening(Interception.of(vertx, sockets), config);
        this.reception = new Reception(
                this, loop, neighbours.login(), config.connections().perCredential());
        this.subscriber = new Subscriber(loop, config.limits(), rights, this.meters, neighbours.retained());
    }

    /** A packet that waited in a paused socket when its connection was ended comes afterwards, and the server throws. */
    private static void failed(Throwable failure) {
        if (failure instanceof IllegalArgumentException
                && String.valueOf(failure.getMessage()).startsWith(AFTER_END)) {
            LOG.debug("A packet came after the end of its connection");
        } else {
            LOG.error("The MQTT door failed over a packet or a task", failure);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Opens the door.
     *
     * @return the ports in use; fails when one is taken or a certificate cannot be read
     */
    public Future<Ports> start() {
        Promise<Ports> started = Promise.promise();
        loop.runOnContext(nothing -> {
            timer = vertx.setPeriodic(CHECK_MILLIS, id -> sockets.check());
            slices = vertx.setPeriodic(1000 / Sockets.SLICES_PER_SECOND, id -> sockets.nextSlice());
            listening
                    .open(endpoint -> reception.connected(endpoint, sockets.connecting()))
                    .onSuccess(open -> ports = open)
                    .onFailure(failure -> cancelTimers())
                    .onComplete(started);
        });
        return started.future();
    }

    /** Where it listens; nowhere before {@link #start} has succeeded. Any thread. */
    public Ports ports() {
        return ports;
    }

    /**
     * Ends the connections of somebody whose credential is no longer valid. Any thread; returns at once.
     *
     * @param actor as {@link city.canopy.core.access.Principal#actor} has it
     */
    public void disconnect(String actor) {
        loop.runOnContext(nothing -> reception.end(actor, Cause.REVOKED));
    }

    /**
     * Sends a message to those who have subscribed to its topic. Any thread; returns at once. The retained state must
     * have been changed before.
     *
     * @param topic without wildcards; not one of the {@code v1/devices/me} topics, which name nobody
     * @param payload the bytes; not to be written to afterwards
     */
    public void publish(String topic, byte[] payload) {
        publish(topic, payload, listeners -> {});
    }

    /**
     * The same, telling how many listened.
     *
     * @param listeners is called with their number, on the event loop: it must not block
     */
    public void publish(String topic, byte[] payload, IntConsumer listeners) {
        if (topic.startsWith(Rights.ME)) {
            throw new IllegalArgumentException("a topic that means the subscriber itself cannot be published to all");
        }
        loop.runOnContext(nothing -> listeners.accept(subscriber.publish(topic, payload)));
    }

    /**
     * The same for a message that a device may ask for in another form: a client that listens to both gets the first.
     *
     * @param own the other form
     */
    public void publish(String topic, byte[] payload, Own own, IntConsumer listeners) {
        loop.runOnContext(nothing -> listeners.accept(subscriber.publish(topic, payload, own)));
    }

    @Override
    public void committed(List<Inbound> messages) {
        Inbound[] batch = messages.toArray(new Inbound[0]);
        loop.runOnContext(nothing -> settle(batch));
    }

    private void settle(Inbound[] batch) {
        underWay -= batch.length;
        for (Inbound message : batch) {
            Slot slot = (Slot) message.sender();
            slot.client.settled(slot, message.weight());
        }
        acknowledgeTouched();
    }

    /** Something may be acknowledged to this client; it will be, before this turn of the loop ends. */
    void touched(Client client) {
        if (touched.isEmpty()) {
            // Refused publishes come one by one: together they leave after the read that brought them.
            loop.runOnContext(nothing -> acknowledgeTouched());
        }
        touched.add(client);
    }

    void later(long millis, Runnable what) {
        vertx.setTimer(millis, id -> what.run());
    }

    /** Nothing of this client's own keeps it from being read any more. */
    void mayResume(Client client) {
        if (!stopping) {
            client.resume();
        }
    }

    private void acknowledgeTouched() {
        for (Client client : touched) {
            client.acknowledge();
        }
        touched.clear();
    }

    /** A message on its way into the line. */
    Inbound inbound(Slot slot, String topic, DeviceId speaker, String contentType, byte[] payload) {
        return new Inbound(this, slot, topic, new Uplink(speaker, contentType, payload, clock.instant()));
    }

    /** A gateway's message as the messages that are in it. */
    List<Inbound> unpack(DeviceId gateway, String topic, byte[] payload, Slot slot) {
        return parcel.unpack(gateway, topic, payload, slot, clock.instant());
    }

    /** Offers a message that has just come to the line, unless others wait for room: it may not overtake them. */
    boolean offerNew(Inbound message) {
        return waiting.isEmpty() && wills.isEmpty() && offer(message);
    }

    /** Offers a message to the line, whose turn it is. */
    boolean offer(Inbound message) {
        if (!intake.offer(message)) {
            return false;
        }
        underWay++;
        meters.accepted();
        return true;
    }

    /** This client holds messages until the line has room. */
    void waitForRoom(Client client) {
        waiting.add(client);
        meters.waiting(waiting.size());
        askForRoom();
    }

    private void askForRoom() {
        if (!askedForRoom) {
            askedForRoom = true;
            intake.whenRoom(() -> loop.runOnContext(nothing -> offerHeld()));
        }
    }

    private void offerHeld() {
        askedForRoom = false;
        while (!wills.isEmpty() && offer(wills.peek())) {
            wills.remove();
        }
        boolean room = wills.isEmpty();
        while (room && !waiting.isEmpty()) {
            Client client = waiting.element();
            room = client.offerHeld();
            if (room) {
                // One message each, so that a long backlog does not hold up a short one; and read at once from who has
                // none left, so that its next message takes its place behind those who still wait.
                waiting.remove();
                if (client.holds()) {
                    waiting.add(client);
                } else {
                    mayResume(client);
                }
            }
        }
        meters.waiting(waiting.size());
        if (!waiting.isEmpty() || !wills.isEmpty()) {
            askForRoom();
        }
    }

    /** A client has gone: its id and subscriptions are free, and its will is done. */
    void left(Client client, Will will) {
        if (waiting.remove(client)) {
            meters.waiting(waiting.size());
        }
        reception.left(client);
        subscriber.forget(client);
        if (will == null) {
            return;
        }
        DeviceId speaker = rights.speaker(client.principal(), will.topic());
        if (speaker == null || wills.size() >= config.connections().most()) {
            meters.willDropped();
            return;
        }
        Inbound message = inbound(client.unowed(), will.topic(), speaker, will.contentType(), will.payload());
        if (!wills.isEmpty() || !offer(message)) {
            wills.add(message);
            askForRoom();
        }
    }

    /**
     * Closes the door: takes no new connection, reads no more, waits until what was read is committed and acknowledged,
     * tells MQTT 5 clients that the server shuts down, and closes. The line must still run meanwhile. Wills are not
     * published: the devices have not gone.
     *
     * @param within how long to wait for commits; what is not committed by then is not acknowledged
     */
    public Future<Void> stop(Duration within) {
        Promise<Void> stopped = Promise.promise();
        loop.runOnContext(nothing -> {
            stopping = true;
            sockets.stopAccepting();
            reception.clients().forEach(Client::pause);
            long until = System.nanoTime() + within.toNanos();
            vertx.setPeriodic(1, DRAIN_CHECK_MILLIS, id -> {
                if (isDrained() || System.nanoTime() - until >= 0) {
                    vertx.cancelTimer(id);
                    cancelTimers();
                    sockets.endAll();
                    listening.close().onComplete(stopped);
                }
            });
        });
        return stopped.future();
    }

    private void cancelTimers() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(slices);
    }

    private boolean isDrained() {
        return underWay == 0 && waiting.isEmpty() && wills.isEmpty();
    }

    boolean isStopping() {
        return stopping;
    }

    boolean groupsAcknowledgements() {
        return groupsAcknowledgements;
    }

    MqttLimits limits() {
        return config.limits();
    }

    DoorMeters meters() {
        return meters;
    }

    /** A client speaks where it may not. */
    void refused(Client client, String topic) {
        meters.publishRefused();
        String name = client.endpoint().clientIdentifier();
        foreign.refused(client.principal().actor(), name, topic).ifPresent(LOG::warn);
    }

    Rights rights() {
        return rights;
    }

    Subscriber subscriber() {
        return subscriber;
    }
}
