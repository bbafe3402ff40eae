package city.canopy.core.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** One connection of {@link MqttGenerator}: MQTT 3.1.1, QoS 1, a bounded window. Single-threaded. */
final class GeneratorConnection {
    /** Far more than may be in flight, and small enough for thousands of connections. */
    private static final int MAX_PACKET_ID = 1_023;

    private final int index;
    private final SocketChannel channel;
    private final String clientId;
    private final String token;
    private final byte[] topic;
    private final int window;
    private final MqttGenerator.Payload payload;
    private final ByteBuffer in = ByteBuffer.allocate(8 * 1024);
    private ByteBuffer out = ByteBuffer.allocate(64 * 1024);
    private final long[] sentAt = new long[MAX_PACKET_ID + 1];
    private final ArrayDeque<Long> queued = new ArrayDeque<>();
    private int nextPacketId = 1;
    private int inFlight;
    private long number;

    GeneratorConnection(
            int index,
            SocketChannel channel,
            String clientId,
            String token,
            String topic,
            int window,
            MqttGenerator.Payload payload) {
        this.index = index;
        this.channel = channel;
        this.clientId = clientId;
        this.token = token;
        this.topic = topic.getBytes(StandardCharsets.UTF_8);
        this.window = window;
        this.payload = payload;
    }

    /** CONNECT and wait for the CONNACK; the channel is still blocking. */
    void connect() throws IOException {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        byte[] user = token.getBytes(StandardCharsets.UTF_8);
        ByteBuffer packet = ByteBuffer.allocate(512);
        packet.put((byte) 0x10).put((byte) 0).put((byte) 0);
        packet.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.US_ASCII));
        packet.put((byte) 4).put((byte) 0x82).putShort((short) 0);
        packet.putShort((short) id.length).put(id);
        packet.putShort((short) user.length).put(user);
        int length = packet.position() - 3;
        packet.put(1, (byte) (length % 128 | 0x80)).put(2, (byte) (length / 128));
        packet.flip();
        while (packet.hasRemaining()) {
            channel.write(packet);
        }
        ByteBuffer answer = ByteBuffer.allocate(4);
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new EOFException("the service closed the connection of " + clientId + " at CONNECT");
            }
        }
        if (answer.get(3) != 0) {
            throw new IOException("the service refused " + clientId + " with code " + answer.get(3));
        }
    }

    boolean isWaiting() {
        return inFlight > 0 || !queued.isEmpty() || out.position() > 0;
    }

    /** A message that is due at this moment; sent when the window has room. */
    void enqueue(long dueAt) {
        queued.add(dueAt);
    }

    int flushQueued() throws IOException {
        int count = 0;
        while (!queued.isEmpty() && inFlight < window) {
            put(queued.poll());
            count++;
        }
        if (count > 0) {
            write();
        }
        return count;
    }

    /** Sends until the window is full. */
    int fill(long now) throws IOException {
        int count = 0;
        while (inFlight < window) {
            put(now);
            count++;
        }
        if (count > 0) {
            write();
        }
        return count;
    }

    private void put(long at) {
        byte[] body = payload.next(index, number++);
        int remaining = 2 + topic.length + 2 + body.length;
        if (out.remaining() < remaining + 5) {
            ByteBuffer larger = ByteBuffer.allocate(out.capacity() * 2);
            out.flip();
            out = larger.put(out);
        }
        out.put((byte) 0x32);
        int left = remaining;
        do {
            int digit = left % 128;
            left /= 128;
            out.put((byte) (left > 0 ? digit | 0x80 : digit));
        } while (left > 0);
        out.putShort((short) topic.length).put(topic);
        out.putShort((short) nextPacketId).put(body);
        sentAt[nextPacketId] = at;
        nextPacketId = nextPacketId == MAX_PACKET_ID ? 1 : nextPacketId + 1;
        inFlight++;
    }

    /** Writes what is ready; true when some is left over. */
    boolean write() throws IOException {
        if (out.position() == 0) {
            return false;
        }
        out.flip();
        channel.write(out);
        out.compact();
        return out.position() > 0;
    }

    /** Reads PUBACKs; gives back how many. */
    int read(long now, Latencies latencies) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the service closed the connection of " + clientId);
        }
        in.flip();
        int count = 0;
        while (in.remaining() >= 4) {
            int type = in.get() & 0xf0;
            int length = in.get();
            if (type != 0x40 || length != 2) {
                throw new IOException("a packet of type " + (type >> 4) + " where a PUBACK was expected");
            }
            int packetId = in.getShort() & 0xffff;
            latencies.add(now - sentAt[packetId]);
            count++;
        }
        in.compact();
        inFlight -= count;
        return count;
    }

    void close() throws IOException {
        channel.close();
    }
}
