package city.canopy.core.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The uplink between a gateway and its service's MQTT door, which can be spoilt. */
final class UplinkProxy implements AutoCloseable {
    private static final int CHUNK = 2_048;
    private static final int BUFFER = 16 * 1024;

    /** What the uplink is like. */
    enum Uplink {
        WELL,
        /** 128 KiB/s, and 100 ms each way. */
        SLOW,
        /** Connections are reset in the middle of what they carry. */
        LOSSY,
        /** Nothing is passed on, and nobody is told. */
        DEAD,
        /** There is none: connections are reset at once. */
        CUT
    }

    private static final int SLOW_BYTES_PER_SECOND = 128 * 1024;
    private static final long SLOW_DELAY_NANOS = 100_000_000L;
    /** One chunk in so many is not passed on, and the connection is reset. */
    private static final int LOSSY_ONE_IN = 120;

    private final int service;
    private final ServerSocket listening;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger resets = new AtomicInteger();
    private volatile Uplink uplink = Uplink.WELL;
    private volatile boolean closed;

    /**
     * @param service the port of the service's door
     * @param seed by which it is decided what gets lost
     */
    UplinkProxy(int service, long seed) throws IOException {
        this.service = service;
        this.random = new Random(seed);
        listening = new ServerSocket();
        listening.setReceiveBufferSize(BUFFER);
        listening.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        new Thread(this::accept, "uplink").start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections were reset because the uplink is lossy. */
    int resets() {
        return resets.get();
    }

    /** From now on it is like this. */
    void be(Uplink next) {
        uplink = next;
        if (next == Uplink.CUT) {
            open.forEach(UplinkProxy::reset);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket near = listening.accept();
                if (uplink == Uplink.CUT) {
                    reset(near);
                } else {
                    connect(near);
                }
            } catch (IOException e) {
                if (!closed) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far = new Socket(InetAddress.getLoopbackAddress(), service);
        far.setSendBufferSize(BUFFER);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        new Thread(() -> pass(near, far), "uplink-up").start();
        new Thread(() -> pass(far, near), "uplink-down").start();
    }

    private void pass(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                spoil(n);
                to.getOutputStream().write(chunk, 0, n);
            }
        } catch (IOException e) {
            // One side has gone: so does the other, below.
            open.remove(from);
        }
        reset(from);
        reset(to);
        open.remove(from);
        open.remove(to);
    }

    private void spoil(int bytes) throws IOException {
        while (uplink == Uplink.DEAD && !closed) {
            LockSupport.parkNanos(10_000_000);
        }
        if (uplink == Uplink.SLOW) {
            LockSupport.parkNanos(
                    bytes * 1_000_000_000L / SLOW_BYTES_PER_SECOND + (bytes < CHUNK ? SLOW_DELAY_NANOS : 0));
        } else if (uplink == Uplink.LOSSY && isLost()) {
            resets.incrementAndGet();
            throw new IOException("lost");
        }
    }

    private boolean isLost() {
        synchronized (random) {
            return random.nextInt(LOSSY_ONE_IN) == 0;
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        open.forEach(UplinkProxy::reset);
    }
}
