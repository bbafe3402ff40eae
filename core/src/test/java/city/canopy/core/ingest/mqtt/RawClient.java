package city.canopy.core.ingest.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that sends any bytes it likes and reads packets as they come. Waits ten seconds, then fails. */
final class RawClient implements AutoCloseable {
    /**
     * A packet that came.
     *
     * @param header its first byte
     */
    record Answer(int header, ByteBuffer body) {
        int type() {
            return header & 0xF0;
        }

        int packetId() {
            return body.getShort(0) & 0xFFFF;
        }

        int u8(int index) {
            return body.get(index) & 0xFF;
        }

        /** The topic of a PUBLISH. */
        String topic() {
            return new String(body.array(), 2, body.getShort(0), StandardCharsets.UTF_8);
        }

        /** The payload of a PUBLISH to a 3.1.1 client. */
        String payload() {
            int start = 2 + body.getShort(0) + ((header & 0x06) == 0 ? 0 : 2);
            return new String(body.array(), start, body.capacity() - start, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects with 3.1.1 and a token; the CONNACK must say yes. */
    static RawClient v3(int port, String clientId, String token) throws IOException {
        RawClient client = new RawClient(port);
        client.send(connect(4, 0xC2, 60, clientId, new byte[0]).text(token).text(""));
        client.mustBeWelcome();
        return client;
    }

    /** Connects with MQTT 5 and a token; the CONNACK must say yes. */
    static RawClient v5(int port, String clientId, String token) throws IOException {
        RawClient client = new RawClient(port);
        client.send(connect(5, 0xC2, 60, clientId, new byte[0]).text(token).text(""));
        client.mustBeWelcome();
        return client;
    }

    private void mustBeWelcome() throws IOException {
        Answer answer = read();
        if (answer == null || answer.type() != Packet.CONNACK || answer.u8(1) != 0) {
            throw new AssertionError("not welcome: " + answer);
        }
    }

    /** The beginning of a CONNECT up to the client id; will, user name and password follow as the flags say. */
    static Packet connect(int version, int flags, int keepAlive, String clientId, byte[] properties) {
        Packet packet =
                Packet.of(Packet.CONNECT).text("MQTT").u8(version).u8(flags).u16(keepAlive);
        if (version == 5) {
            packet.u8(properties.length).raw(properties);
        }
        return packet.text(clientId);
    }

    void send(Packet packet) throws IOException {
        send(packet.bytes());
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next packet, or null when the server has closed the connection. */
    Answer read() throws IOException {
        try {
            int header = in.read();
            if (header < 0) {
                return null;
            }
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                int digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
                if (digit < 0x80) {
                    break;
                }
            }
            byte[] body = new byte[length];
            in.readFully(body);
            return new Answer(header, ByteBuffer.wrap(body));
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Reads the next packet, which must be of this type. */
    Answer expect(int type) throws IOException {
        Answer answer = read();
        if (answer == null || answer.type() != (type & 0xF0)) {
            throw new AssertionError("expected a packet " + Integer.toHexString(type) + ", not " + answer);
        }
        return answer;
    }

    /** One raw read: what a single write of the server has brought. */
    int readOnce(byte[] into) throws IOException {
        return in.read(into);
    }

    /** Fails unless the connection ends here, whatever still comes before. */
    void expectEnd() throws IOException {
        for (Answer answer = read(); answer != null; answer = read()) {
            if (answer.type() == Packet.CONNACK) {
                throw new AssertionError("the connection lives on: " + answer);
            }
        }
    }

    /** Asks for a ping and reads its answer: all that was sent before has been handled. */
    void ping() throws IOException {
        send(Packet.of(Packet.PINGREQ));
        expect(Packet.PINGRESP);
    }

    /** Cuts the connection without a word. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
