package city.canopy.core.ingest.mqtt;

import city.canopy.core.app.CoreConfig;
import city.canopy.core.app.Service;
import city.canopy.core.registry.Enrolment;
import city.canopy.devices.config.ConfigReader;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import city.canopy.geo.layer.GeoFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** The whole service on its own database, and bins that each say one thing ten times a second and wait for its PUBACK. */
final class CalmFleet implements AutoCloseable {
    static final String ADMINISTRATOR = "the-token-of-the-tests-0123456789";
    /** Devices beside the calm ones, for those who behave badly. */
    static final int BAD = 8;

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private static final long EVERY_NANOS = 100_000_000;
    private static final String TOPIC = "v1/devices/me/telemetry";

    private final int size;
    private final Service service;
    private final List<RawClient> clients = new ArrayList<>();
    private final ExecutorService threads;

    CalmFleet(Path folder, int size) throws IOException {
        this.size = size;
        this.threads = Executors.newFixedThreadPool(size);
        Map<String, String> keys = Map.of(
                "CANOPY_DATA_DIR",
                folder.toString(),
                "CANOPY_HTTP_HOST",
                "127.0.0.1",
                "CANOPY_HTTP_PORT",
                "0",
                "CANOPY_MQTT_PORT",
                "0",
                "CANOPY_MQTT_CONNECTIONS_CONNECT_TIMEOUT",
                CONNECT_TIMEOUT.toString(),
                "CANOPY_SECURITY_BOOTSTRAP_TOKEN",
                ADMINISTRATOR);
        CoreConfig config = new ConfigReader("CANOPY", keys).read(CoreConfig.class, null);
        service = Service.start(config, Service.Mode.SERVE);
        List<Enrolment> wishes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            wishes.add(wish("calm-" + i));
        }
        for (int i = 0; i < BAD; i++) {
            wishes.add(wish("bad-" + i));
        }
        service.registry().enrol(wishes);
        for (int i = 0; i < size; i++) {
            clients.add(RawClient.v3(port(), "calm-" + i, token("calm-" + i)));
        }
    }

    private Enrolment wish(String id) {
        service.layers()
                .put(
                        new GeoFeature(
                                "waste_points",
                                id,
                                new GeometryFactory().createPoint(new Coordinate(105.85, 21.47)),
                                Map.of("name", id),
                                1),
                        "test");
        return new Enrolment(
                new DeviceId(id),
                "generic-bin",
                Optional.empty(),
                new Binding.ToFeature("waste_points", id),
                Optional.empty(),
                Optional.of(new Enrolment.NewCredential.Token(Optional.of(token(id)))));
    }

    static String token(String device) {
        return "token-of-" + device + "-for-testing";
    }

    int httpPort() {
        return service.httpPort();
    }

    int port() {
        return service.mqttPort();
    }

    /** Publishes for so long; gives back the 99th percentile of the time from when a message was due to its PUBACK. */
    Duration p99(Duration time) throws Exception {
        List<Future<List<Long>>> measured = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < size; i++) {
            RawClient client = clients.get(i);
            long first = start + EVERY_NANOS * i / size;
            measured.add(threads.submit((Callable<List<Long>>) () -> publish(client, first, time)));
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> each : measured) {
            all.addAll(outcome(each));
        }
        all.sort(null);
        return Duration.ofNanos(all.get(all.size() * 99 / 100));
    }

    private static List<Long> outcome(Future<List<Long>> each) throws InterruptedException {
        try {
            return each.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a calm device was harmed", e.getCause());
        }
    }

    private static List<Long> publish(RawClient client, long first, Duration time) throws Exception {
        List<Long> nanos = new ArrayList<>();
        int packetId = 1;
        for (long due = first; due - first < time.toNanos(); due += EVERY_NANOS) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
            }
            client.send(Packet.publish(1, packetId, TOPIC, "{\"fill_level\":12.5}"));
            if (client.expect(Packet.PUBACK).packetId() != packetId) {
                throw new AssertionError("an acknowledgement out of order");
            }
            nanos.add(System.nanoTime() - due);
            packetId++;
        }
        return nanos;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (RawClient client : clients) {
            client.close();
        }
        service.close();
    }
}
