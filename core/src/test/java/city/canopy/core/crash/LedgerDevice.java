package city.canopy.core.crash;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A device that publishes a list of payloads by MQTT 3.1.1, QoS 1, twenty in flight, and keeps the ledger of what was
 * acknowledged. When the connection goes it comes again and sends what was not acknowledged anew, in order, as the
 * standard asks.
 */
public final class LedgerDevice implements Runnable {
    private static final int WINDOW = 20;

    private final String token;
    private final String clientId;
    private final List<String> payloads;
    private final IntSupplier port;
    private final IntSupplier allowed;
    private volatile Socket socket;
    private volatile int acknowledged;
    private volatile boolean stopped;
    private volatile String failure;

    /**
     * @param payloads what it says, in order
     * @param port where the service listens now
     * @param allowed how many of them it may send by now; it waits with the rest
     */
    public LedgerDevice(String clientId, String token, List<String> payloads, IntSupplier port, IntSupplier allowed) {
        this.clientId = clientId;
        this.token = token;
        this.payloads = payloads;
        this.port = port;
        this.allowed = allowed;
    }

    /** How many of the payloads, counted from the first, were acknowledged. */
    public int acknowledged() {
        return acknowledged;
    }

    public boolean isDone() {
        return acknowledged == payloads.size();
    }

    public String failure() {
        return failure;
    }

    /** Cuts the connection as a lost network would. */
    void cut() {
        Socket current = socket;
        if (current != null && !current.isClosed()) {
            try {
                current.setSoLinger(true, 0);
                current.close();
            } catch (IOException e) {
                // It was closing by itself just now: as cut as it can be.
                socket = null;
            }
        }
    }

    public void stop() {
        stopped = true;
        cut();
    }

    @Override
    public void run() {
        try {
            while (!isDone() && !stopped) {
                try {
                    session();
                } catch (IOException | UncheckedIOException e) {
                    // The connection went, or the service has no port just now: come again after a moment.
                    Thread.sleep(50);
                }
            }
        } catch (InterruptedException e) {
            failure = "interrupted";
        }
    }

    private void session() throws IOException, InterruptedException {
        try (Socket connection = new Socket()) {
            connection.connect(new InetSocketAddress("127.0.0.1", port.getAsInt()), 2_000);
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(20_000);
            socket = connection;
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            connect(in, out);
            Deque<Integer> inFlight = new ArrayDeque<>();
            int next = acknowledged;
            while (!isDone() && !stopped) {
                int until = Math.min(payloads.size(), allowed.getAsInt());
                while (next < until && inFlight.size() < WINDOW) {
                    int packetId = next % 60_000 + 1;
                    publish(out, packetId, payloads.get(next));
                    inFlight.add(packetId);
                    next++;
                }
                if (inFlight.isEmpty()) {
                    Thread.sleep(2);
                    continue;
                }
                int packetId = acknowledgement(in);
                Integer expected = inFlight.poll();
                if (expected == null || expected != packetId) {
                    failure = clientId + ": PUBACK " + packetId + " where " + expected + " was next";
                    stopped = true;
                    return;
                }
                acknowledged++;
            }
        }
    }

    private void connect(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        byte[] user = token.getBytes(StandardCharsets.UTF_8);
        int length = 10 + 2 + id.length + 2 + user.length;
        out.writeByte(0x10);
        length(out, length);
        out.writeShort(4);
        out.writeBytes("MQTT");
        out.writeByte(4);
        out.writeByte(0x82);
        out.writeShort(0);
        out.writeShort(id.length);
        out.write(id);
        out.writeShort(user.length);
        out.write(user);
        out.flush();
        in.readUnsignedShort();
        in.readByte();
        int code = in.readUnsignedByte();
        if (code != 0) {
            throw new IOException("CONNACK " + code);
        }
    }

    private static void publish(DataOutputStream out, int packetId, String payload) throws IOException {
        byte[] topic = "v1/devices/me/telemetry".getBytes(StandardCharsets.UTF_8);
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        out.writeByte(0x32);
        length(out, 2 + topic.length + 2 + body.length);
        out.writeShort(topic.length);
        out.write(topic);
        out.writeShort(packetId);
        out.write(body);
        out.flush();
    }

    private static void length(DataOutputStream out, int length) throws IOException {
        int left = length;
        do {
            int digit = left % 128;
            left /= 128;
            out.writeByte(left > 0 ? digit | 0x80 : digit);
        } while (left > 0);
    }

    private static int acknowledgement(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (type != 0x40 || length != 2) {
            throw new IOException("a packet " + Integer.toHexString(type) + " where a PUBACK was expected");
        }
        return in.readUnsignedShort();
    }
}
