package city.canopy.core.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A lean MQTT 3.1.1 publisher for measuring: many connections on one thread, QoS 1, a window of messages in flight on
 * each. It speaks only what a measurement needs: CONNECT, PUBLISH, PUBACK.
 *
 * <p>With a rate the load is open: a message has a time at which it is due, and its latency counts from then, so that
 * a service that stalls cannot hide it. Without a rate it sends as fast as the acknowledgements come.
 */
final class MqttGenerator implements AutoCloseable {
    /** Writes the payload of a connection's next message. */
    interface Payload {
        byte[] next(int connection, long number);
    }

    private final List<GeneratorConnection> connections = new ArrayList<>();
    private final Selector selector;
    private final Latencies latencies = new Latencies();
    private final LongSupplier clock;
    private long acknowledged;
    private long sent;

    /**
     * Opens all connections; blocks until each is accepted.
     *
     * @param tokens one device token for each connection, used as the user name
     * @param topic the topic of every message
     * @param window messages in flight on each connection, 1 to 200
     */
    MqttGenerator(InetSocketAddress broker, List<String> tokens, String topic, int window, Payload payload)
            throws IOException {
        this.selector = Selector.open();
        this.clock = System::nanoTime;
        for (int i = 0; i < tokens.size(); i++) {
            SocketChannel channel = SocketChannel.open(broker);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            GeneratorConnection connection = new GeneratorConnection(
                    i,
                    channel,
                    "bench-" + Integer.toHexString(tokens.get(i).hashCode()),
                    tokens.get(i),
                    topic,
                    window,
                    payload);
            connection.connect();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    /** Publishes for so long, as fast as the acknowledgements come. */
    void run(double seconds) throws IOException {
        run(seconds, 0, 1);
    }

    /**
     * Publishes for so long.
     *
     * @param perSecond messages a second over all connections; 0 for as many as are acknowledged
     * @param burst how many messages are due at once on a connection before it is the next one's turn, from 1; a load of
     *     the same rate costs several times as much where each message is a packet of its own
     */
    void run(double seconds, double perSecond, int burst) throws IOException {
        long start = clock.getAsLong();
        long until = start + (long) (seconds * 1e9);
        double nanosEach = perSecond > 0 ? 1e9 / perSecond : 0;
        long due = 0;
        int turn = 0;
        if (perSecond <= 0) {
            for (GeneratorConnection connection : connections) {
                sent += connection.fill(clock.getAsLong());
            }
        }
        while (true) {
            long now = clock.getAsLong();
            if (now >= until) {
                return;
            }
            if (perSecond > 0) {
                long target = (long) ((now - start) / nanosEach);
                for (; due + burst <= target; due += burst) {
                    for (int i = 0; i < burst; i++) {
                        connections.get(turn).enqueue(start + (long) ((due + burst) * nanosEach));
                    }
                    turn = (turn + 1) % connections.size();
                }
                for (GeneratorConnection connection : connections) {
                    sent += connection.flushQueued();
                }
                selector.select(1);
            } else {
                selector.select(100);
            }
            takeAcknowledgements(perSecond <= 0);
        }
    }

    /** Waits until all that was sent is acknowledged, or the time is over. */
    boolean settle(double seconds) throws IOException {
        long until = clock.getAsLong() + (long) (seconds * 1e9);
        while (connections.stream().anyMatch(GeneratorConnection::isWaiting)) {
            if (clock.getAsLong() > until) {
                return false;
            }
            for (GeneratorConnection connection : connections) {
                sent += connection.flushQueued();
            }
            selector.select(10);
            takeAcknowledgements(false);
        }
        return true;
    }

    private void takeAcknowledgements(boolean refill) throws IOException {
        var ready = selector.selectedKeys();
        long now = clock.getAsLong();
        for (SelectionKey key : ready) {
            GeneratorConnection connection = (GeneratorConnection) key.attachment();
            if (key.isReadable()) {
                acknowledged += connection.read(now, latencies);
                if (refill) {
                    sent += connection.fill(now);
                }
            }
            boolean more = connection.write();
            key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
        ready.clear();
    }

    long acknowledged() {
        return acknowledged;
    }

    long sent() {
        return sent;
    }

    /** Forgets what was measured so far, after the warm-up. */
    void reset() {
        acknowledged = 0;
        sent = 0;
        latencies.clear();
    }

    Latencies latencies() {
        return latencies;
    }

    @Override
    public void close() throws IOException {
        for (GeneratorConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
