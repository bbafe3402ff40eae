package city.canopy.core.ingest.mqtt;

import io.vertx.core.internal.net.NetSocketInternal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** All connections of the door, from the moment that they are accepted: their number and their clocks. Event loop only. */
final class Sockets implements Interception.Accepted {
    /** How long a peer may take to see its connection end before it is cut. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final MqttLimits limits;
    private final DoorMeters meters;
    private final Set<Gate> gates = new HashSet<>();
    private Gate connecting;
    private boolean accepting = true;

    Sockets(MqttLimits limits, DoorMeters meters) {
        this.limits = limits;
        this.meters = meters;
    }

    DoorMeters meters() {
        return meters;
    }

    @Override
    public void accepted(NetSocketInternal socket) {
        if (!accepting || gates.size() >= limits.connections()) {
            meters.disconnected(accepting ? Cause.TOO_MANY : Cause.SHUTTING_DOWN);
            socket.channelHandlerContext().channel().close();
            return;
        }
        Gate gate = new Gate(this, socket, System.nanoTime());
        gates.add(gate);
        socket.channelHandlerContext().pipeline().addBefore("handler", "door", gate);
        meters.connections(gates.size());
    }

    void removed(Gate gate) {
        gates.remove(gate);
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
        long connectNanos = limits.connectTimeout().toNanos();
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
