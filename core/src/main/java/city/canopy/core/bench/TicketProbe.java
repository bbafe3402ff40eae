package city.canopy.core.bench;

import city.canopy.core.access.Role;
import city.canopy.core.app.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the way from a publish to the ticket's server-sent event: bins go over and under their limit in turn, each
 * at a waste point of its own, and a listener of {@code /api/v1/events} notes when the ticket's event arrives.
 */
final class TicketProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TicketProbe.class);
    private static final long EVERY_MS = 100;
    private static final int DAY_MS = 86_400_000;

    private final Latencies latencies = new Latencies();
    private final Map<String, Long> publishedAt = new ConcurrentHashMap<>();
    private final MqttGenerator generator;
    private final Thread publisher;
    private final Thread listener;
    private final Stream<String> lines;
    private volatile boolean stopped;

    private TicketProbe(Service service, List<String> bins, String token) throws IOException, InterruptedException {
        long begin = System.currentTimeMillis() - DAY_MS + Math.floorMod(System.nanoTime() / 1_000_000, DAY_MS / 2);
        generator = new MqttGenerator(
                new InetSocketAddress("127.0.0.1", service.mqttPort()),
                bins,
                "v1/devices/me/telemetry",
                1,
                (connection, number) -> payload(connection, begin + number * 1_000, number % 2 == 0 ? 95 : 10));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.httpPort() + "/api/v1/events?kinds=ticket"))
                .header("Authorization", "Bearer " + token)
                .build();
        lines = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body();
        listener = new Thread(this::listen, "ticket-probe-listener");
        listener.setDaemon(true);
        listener.start();
        publisher = new Thread(this::publish, "ticket-probe-publisher");
        publisher.setDaemon(true);
        publisher.start();
    }

    static TicketProbe start(Service service, List<String> bins) throws IOException, InterruptedException {
        String token = service.people().issueToken("bench", Role.VIEWER).getValue();
        return new TicketProbe(service, bins, token);
    }

    /** Bins and waste points are numbered alike, from 0 and from 1. */
    private byte[] payload(int bin, long at, int level) {
        publishedAt.put("W%03d".formatted(bin + 1), System.nanoTime());
        return ("{\"ts\":" + at + ",\"values\":{\"fill_level\":" + level + "}}").getBytes(StandardCharsets.US_ASCII);
    }

    private void publish() {
        try {
            while (!stopped) {
                generator.run(EVERY_MS / 1000.0, 20, 1);
            }
        } catch (IOException e) {
            stopped = true;
        }
    }

    private void listen() {
        try {
            lines.filter(line -> line.startsWith("data:")).forEach(this::note);
        } catch (UncheckedIOException e) {
            // The stream of events ends by being closed; otherwise the count of what was seen tells that it broke.
            if (!stopped) {
                LOG.warn("the ticket probe no longer hears events: {}", e.getMessage());
            }
        }
    }

    private void note(String line) {
        int at = line.indexOf("\"feature_id\":");
        int from = line.indexOf('"', at + 13) + 1;
        Long published = at < 0 ? null : publishedAt.remove(line.substring(from, line.indexOf('"', from)));
        if (published != null) {
            synchronized (latencies) {
                latencies.add(System.nanoTime() - published);
            }
        }
    }

    void reset() {
        synchronized (latencies) {
            latencies.clear();
        }
    }

    Latencies finish() throws InterruptedException {
        stopped = true;
        publisher.join(5_000);
        Thread.sleep(1_000);
        return latencies;
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        generator.close();
        lines.close();
    }
}
