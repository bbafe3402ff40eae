package city.canopy.core.ingest.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** All connections of the door, from the moment that they are accepted: their number and their clocks. Event loop only. */
final class Sockets implements Interception.Accepted {
    /** How long a peer may take to see its connection end before it is cut. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** The bound of new connections a second is kept in slices. */
    static final int SLICES_PER_SECOND = 10;
    /** Reads of up to 64 KiB from one socket before it is the next one's turn; Netty's 16 would let one flood hold up all. */
    private static final int READS_PER_TURN = 1;

    /** The connections of one address. */
    private static final class Address {
        private final Set<Gate> all = new HashSet<>();
        /** Those that have not logged in, the longest first. */
        private final Set<Gate> strangers = new LinkedHashSet<>();
    }

    private final MqttConnections bounds;
    private final DoorMeters meters;
    private final Set<Gate> gates = new HashSet<>();
    /** Those that have not logged in, the longest first. */
    private final Set<Gate> strangers = new LinkedHashSet<>();

    private final Map<String, Address> addresses = new HashMap<>();
    /** Listening sockets that take nobody in until the next slice of time. */
    private final Set<Channel> resting = new HashSet<>();
    /** How many have come in this slice; what is over is carried to the next. */
    private int came;

    private Gate connecting;
    private boolean accepting = true;

    Sockets(MqttConnections bounds, DoorMeters meters) {
        this.bounds = bounds;
        this.meters = meters;
    }

    DoorMeters meters() {
        return meters;
    }

    @Override
    public void accepted(NetSocketInternal socket) {
        Channel channel = socket.channelHandlerContext().channel();
        if (++came >= perSlice()) {
            channel.parent().config().setAutoRead(false);
            resting.add(channel.parent());
        }
        Gate gate = new Gate(this, socket, System.nanoTime());
        if (!accepting || !makeRoom(gate.address())) {
            meters.disconnected(accepting ? Cause.TOO_MANY : Cause.SHUTTING_DOWN);
            channel.close();
            return;
        }
        if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            reads.maxMessagesPerRead(READS_PER_TURN);
        }
        gates.add(gate);
        strangers.add(gate);
        Address address = addresses.computeIfAbsent(gate.address(), a -> new Address());
        address.all.add(gate);
        address.strangers.add(gate);
        socket.channelHandlerContext().pipeline().addBefore("handler", "door", gate);
        meters.connections(gates.size());
    }

    private int perSlice() {
        return Math.max(1, bounds.perSecond() / SLICES_PER_SECOND);
    }

    /** So many may come again; called {@link #SLICES_PER_SECOND} times a second. */
    void nextSlice() {
        came = Math.max(0, came - perSlice());
        if (came < perSlice()) {
            resting.forEach(listening -> listening.config().setAutoRead(true));
            resting.clear();
        }
    }

    /** Makes room for one more by ending who has gone longest without a log-in; false where there is nobody to end. */
    private boolean makeRoom(String from) {
        Address address = addresses.get(from);
        if (address != null && address.all.size() >= bounds.perAddress() && !endFirst(address.strangers)) {
            return false;
        }
        return gates.size() < bounds.most() || endFirst(strangers);
    }

    private boolean endFirst(Set<Gate> of) {
        if (of.isEmpty()) {
            return false;
        }
        Gate first = of.iterator().next();
        removed(first);
        first.yield();
        return true;
    }

    /** This one's place is its own from now on. */
    void loggedIn(Gate gate) {
        strangers.remove(gate);
        Address address = addresses.get(gate.address());
        if (address != null) {
            address.strangers.remove(gate);
        }
    }

    /** The connection is gone, or as good as that. */
    void removed(Gate gate) {
        if (!gates.remove(gate)) {
            return;
        }
        strangers.remove(gate);
        Address address = addresses.get(gate.address());
        address.all.remove(gate);
        address.strangers.remove(gate);
        if (address.all.isEmpty()) {
            addresses.remove(gate.address());
        }
        meters.connections(gates.size());
    }

    /** Hands a CONNECT to the server, which calls the door back before this returns. */
    void connecting(Gate gate, Runnable handOver) {
        connecting = gate;
        try {
            handOver.run();
        } finally {
            connecting = null;
        }
    }

    /** Whose CONNECT is being handled right now. */
    Gate connecting() {
        if (connecting == null) {
            throw new IllegalStateException("vertx-mqtt hands over a client outside of its CONNECT");
        }
        return connecting;
    }

    /** Ends what is late. */
    void check() {
        long now = System.nanoTime();
        long connectNanos = bounds.connectTimeout().toNanos();
        for (Gate gate : new ArrayList<>(gates)) {
            gate.check(now, connectNanos, CLOSE_NANOS);
        }
    }

    /** Takes no new connection, and ends those that have not logged in. */
    void stopAccepting() {
        accepting = false;
    }

    /** Ends every connection that is left. */
    void endAll() {
        for (Gate gate : new ArrayList<>(gates)) {
            gate.end(Cause.SHUTTING_DOWN);
        }
    }
}
