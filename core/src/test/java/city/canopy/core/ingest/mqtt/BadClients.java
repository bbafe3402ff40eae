package city.canopy.core.ingest.mqtt;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that do harm as fast as they can until they are told to stop; when one is cut off it comes again. */
final class BadClients implements AutoCloseable {
    /** One connection's worth of harm; adds what it has done to the count. Ends by an exception when it is cut off. */
    interface Harm {
        void once(int port, AtomicLong done) throws IOException;
    }

    private static final String TOPIC = "v1/devices/me/telemetry";
    private static final int WINDOW = 200;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final Queue<RawClient> blocked = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private volatile boolean going = true;

    void start(int port, Harm harm) {
        running.add(threads.submit(() -> {
            while (going) {
                try {
                    harm.once(port, done);
                } catch (IOException e) {
                    cut.incrementAndGet();
                }
            }
        }));
    }

    /** How often they have done what they do. */
    long done() {
        return done.get();
    }

    /** How often they have been cut off. */
    long cut() {
        return cut.get();
    }

    /** A full window of QoS 1, refilled at each acknowledgement. */
    Harm floodOfQosOne(int device, int bytes) {
        String payload = "{\"fill_level\":20,\"x\":\"" + "y".repeat(bytes) + "\"}";
        return (port, count) -> {
            try (RawClient client = RawClient.v3(port, "flood-" + device, token(device))) {
                for (int i = 1; i <= WINDOW; i++) {
                    client.send(Packet.publish(1, i, TOPIC, payload));
                }
                while (going) {
                    int free = client.expect(Packet.PUBACK).packetId();
                    client.send(Packet.publish(1, free, TOPIC, payload));
                    count.incrementAndGet();
                }
            }
        };
    }

    Harm floodOfQosZero(int device) {
        byte[] one = Packet.publish(0, 0, TOPIC, "{\"fill_level\":20}").bytes();
        byte[] many = repeat(one, 1000);
        return (port, count) -> {
            try (RawClient client = RawClient.v3(port, "flood-" + device, token(device))) {
                while (going) {
                    client.send(many);
                    count.addAndGet(1000);
                }
            }
        };
    }

    /** Subscribes again and again, each time to be told all retained state, asks for pings, and reads nothing. */
    Harm reader() {
        byte[] subscribe = Packet.of(Packet.SUBSCRIBE)
                .u16(1)
                .text("canopy/v1/tickets/#")
                .u8(0)
                .bytes();
        byte[] asks = repeat(subscribe, 500);
        byte[] pings = repeat(Packet.of(Packet.PINGREQ).bytes(), 10_000);
        return (port, count) -> {
            try (RawClient client = RawClient.v3(port, "reader", CalmFleet.ADMINISTRATOR)) {
                // A write blocks once the door reads no more, until it cuts the connection or this test does.
                blocked.add(client);
                while (going) {
                    client.send(asks);
                    client.send(pings);
                    count.addAndGet(10_500);
                }
            }
        };
    }

    /** A header that announces 256 MB, from a device and from a stranger, and as much of it as the door lets in. */
    Harm giant(int device) {
        byte[] header = {0x32, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        return (port, count) -> {
            count.incrementAndGet();
            try (RawClient client = RawClient.v3(port, "giant-" + device, token(device))) {
                client.send(header);
                for (int i = 0; i < 256 && going; i++) {
                    client.send(new byte[1 << 20]);
                }
                client.expectEnd();
            }
        };
    }

    /** Bytes by chance, and a valid conversation of which one byte is wrong. */
    Harm garbage(int device, long seed) {
        Random random = new Random(seed);
        return (port, count) -> {
            count.incrementAndGet();
            try (RawClient client = new RawClient(port)) {
                if (random.nextBoolean()) {
                    byte[] bytes = new byte[1 + random.nextInt(2000)];
                    random.nextBytes(bytes);
                    client.send(bytes);
                } else {
                    client.send(broken(
                            RawClient.connect(5, 0x82, 60, "garbage-" + device, new byte[0])
                                    .text(token(device))
                                    .bytes(),
                            random));
                    client.send(broken(
                            Packet.publish5(1, 1, TOPIC, new byte[0], "{}").bytes(), random));
                }
            }
        };
    }

    private static byte[] broken(byte[] packet, Random random) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        return packet;
    }

    Harm wrongToken() {
        return (port, count) -> {
            count.incrementAndGet();
            try (RawClient client = new RawClient(port)) {
                client.send(RawClient.connect(4, 0x82, 60, "wrong", new byte[0]).text("wrong-token-" + done.get()));
                if (client.expect(Packet.CONNACK).u8(1) == 0) {
                    throw new AssertionError("a wrong token opened the door");
                }
            }
        };
    }

    /** Opens so many connections that say nothing, or half a CONNECT; they stay open on this side. */
    static List<Socket> silent(int port, int count) throws IOException {
        byte[] half = {0x10, 40, 0, 4, 'M', 'Q'};
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            open.add(socket);
            if (i % 2 == 0) {
                socket.getOutputStream().write(half);
            }
        }
        return open;
    }

    private static String token(int device) {
        return CalmFleet.token("bad-" + device);
    }

    private static byte[] repeat(byte[] one, int times) {
        byte[] many = new byte[one.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, many, i * one.length, one.length);
        }
        return many;
    }

    /** Stops them; fails when one of them failed otherwise than by being cut off. */
    @Override
    public void close() throws IOException {
        going = false;
        for (RawClient client : blocked) {
            client.close();
        }
        threads.shutdown();
        try {
            for (Future<?> each : running) {
                each.get(30, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("an attack ended otherwise than by being told to", e);
        }
    }
}
