package city.canopy.core.bench;

import city.canopy.core.app.CoreConfig;
import city.canopy.core.app.Service;
import city.canopy.core.db.WalMeter;
import city.canopy.devices.config.ConfigReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code bench ingest}: readings a second from a QoS 1 publish to its PUBACK, latencies at half of that load, bytes
 * written, and the raw limits of the same run. Everything runs in this process and the embedded database beside it.
 */
final class IngestBench {
    private static final double WARM_UP_SECONDS = 6;
    private static final String TOPIC = "v1/devices/me/telemetry";

    private final int seconds;
    private final int connections;
    private final int window;
    private final int flatMinutes;
    private final Consumer<String> progress;

    /** @param progress told what is being measured, a line each */
    IngestBench(int seconds, int connections, int window, int flatMinutes, Consumer<String> progress) {
        this.seconds = seconds;
        this.connections = connections;
        this.window = window;
        this.flatMinutes = flatMinutes;
        this.progress = progress;
    }

    /** Runs it all; the keys of the answer say what each figure is. */
    Map<String, Object> run() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", BenchFolder.machine());
        report.put("connections", connections);
        report.put("in_flight", window);
        report.put("seconds", seconds);
        try (BenchFolder temporary = BenchFolder.make()) {
            Path folder = temporary.path();
            progress.accept("the same messages, acknowledged and thrown away");
            report.put("ack_only_messages_per_s", Map.of("one", ackOnly(1), "ten", ackOnly(10)));
            BenchPack.write(folder.resolve("packs").resolve("bench"));
            try (Service service = Service.start(config(folder), Service.Mode.BENCH)) {
                BenchCity city = BenchCity.enrol(service, connections);
                report.put("one_value", line(service, city.ones(), city.bins(), 1));
                report.put("ten_values", line(service, city.tens(), city.bins(), 10));
                if (flatMinutes > 0) {
                    report.put("heap_at_full_load_mb", flat(service, city.ones()));
                }
                progress.accept("the same rows by COPY into the same tables");
                RawCopy copy = new RawCopy(
                        service.database(),
                        city.devices(),
                        service.config().line().partitions());
                report.put("raw_copy_rows_per_s", Math.round(copy.run(seconds)));
            }
            ratios(report);
            return report;
        }
    }

    private static CoreConfig config(Path folder) {
        Map<String, String> keys = Map.of(
                "CANOPY_DATA_DIR", folder.toString(),
                "CANOPY_HTTP_PORT", "0",
                "CANOPY_MQTT_PORT", "0",
                "CANOPY_DATABASE_SHARED_BUFFERS_MB", "1024",
                "CANOPY_DATABASE_MAX_WAL_SIZE_MB", "8192");
        return new ConfigReader("CANOPY", keys).read(CoreConfig.class, null);
    }

    private long ackOnly(int values) throws Exception {
        try (ThrowAwayDoor door = ThrowAwayDoor.start();
                MqttGenerator generator = generator(door.port(), tokens(connections), values)) {
            generator.run(WARM_UP_SECONDS / 2);
            generator.reset();
            generator.run(seconds / 2.0);
            return Math.round(generator.acknowledged() / (seconds / 2.0));
        }
    }

    private Map<String, Object> line(Service service, List<String> tokens, List<String> bins, int values)
            throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        progress.accept("the whole line, " + values + " value(s) per message, as fast as it acknowledges");
        double perSecond;
        try (MqttGenerator generator = generator(service.mqttPort(), tokens, values)) {
            generator.run(WARM_UP_SECONDS);
            generator.reset();
            WalMeter wal = new WalMeter(service.database());
            long kept = TableSizes.bytes(service.database());
            generator.run(seconds);
            perSecond = generator.acknowledged() / (double) seconds;
            double readings = generator.acknowledged() * (double) values;
            figures.put("messages_per_s", Math.round(perSecond));
            figures.put("readings_per_s", Math.round(perSecond * values));
            figures.put("full_load_puback_ms", quantiles(generator.latencies()));
            figures.put("wal_bytes_per_reading", Math.round(wal.bytes() / readings));
            figures.put(
                    "stored_bytes_per_reading", Math.round((TableSizes.bytes(service.database()) - kept) / readings));
            generator.settle(30);
        }
        progress.accept("the same at half of that load, in the same bursts of " + window + " on each connection");
        try (MqttGenerator generator = generator(service.mqttPort(), tokens, values);
                TicketProbe probe = TicketProbe.start(service, bins)) {
            generator.run(WARM_UP_SECONDS / 2, perSecond / 2, window);
            generator.reset();
            probe.reset();
            generator.run(seconds, perSecond / 2, window);
            figures.put("half_load_messages_per_s", Math.round(generator.acknowledged() / (double) seconds));
            figures.put("half_load_puback_ms", quantiles(generator.latencies()));
            generator.settle(30);
            figures.put("half_load_ticket_event_ms", quantiles(probe.finish()));
        }
        return figures;
    }

    /** The heap after collections, minute by minute. */
    private List<Long> flat(Service service, List<String> tokens) throws Exception {
        List<Long> minutes = new ArrayList<>();
        try (MqttGenerator generator = generator(service.mqttPort(), tokens, 1)) {
            for (int minute = 1; minute <= flatMinutes; minute++) {
                progress.accept("minute " + minute + " of " + flatMinutes + " at full load");
                generator.run(60);
                System.gc();
                minutes.add(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
            }
            generator.settle(30);
        }
        return minutes;
    }

    private MqttGenerator generator(int port, List<String> tokens, int values) throws IOException {
        return new MqttGenerator(new InetSocketAddress("127.0.0.1", port), tokens, TOPIC, window, new Payloads(values));
    }

    private static List<String> tokens(int count) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add("thrown-" + i);
        }
        return tokens;
    }

    /**
     * Event times of just now: from a minute ago they go on by a millisecond with each message of a connection, slower
     * than time itself, so that no later generator meets a moment again.
     */
    private static final class Payloads implements MqttGenerator.Payload {
        private final int values;
        private final long base = System.currentTimeMillis() - 60_000;
        private final StringBuilder text = new StringBuilder(256);

        Payloads(int values) {
            this.values = values;
        }

        @Override
        public byte[] next(int connection, long number) {
            text.setLength(0);
            text.append("{\"ts\":").append(base + number).append(",\"values\":{");
            long wave = (number + connection) % 100;
            for (int i = 0; i < values; i++) {
                text.append(i == 0 ? "\"" : ",\"")
                        .append(BenchPack.QUANTITIES[i])
                        .append("\":");
                appendValue(i, wave);
            }
            return text.append("}}").toString().getBytes(StandardCharsets.US_ASCII);
        }

        /** Plausible and far from every rule's limit. */
        private void appendValue(int quantity, long wave) {
            if (BenchPack.QUANTITIES[quantity].equals("tilt")) {
                text.append("1.").append(wave % 10);
            } else if (BenchPack.QUANTITIES[quantity].equals("water_level")) {
                text.append("0.0").append(wave % 10);
            } else {
                text.append(25 + wave / 10).append('.').append(wave % 10);
            }
        }
    }

    private static Map<String, Double> quantiles(Latencies latencies) {
        Map<String, Double> q = new LinkedHashMap<>();
        q.put("count", (double) latencies.total());
        q.put("p50", round(latencies.millis(0.5)));
        q.put("p99", round(latencies.millis(0.99)));
        return q;
    }

    private static double round(double value) {
        return Double.isNaN(value) ? value : Math.round(value * 10) / 10.0;
    }

    private static void ratios(Map<String, Object> report) {
        double copy = figure(report, "raw_copy_rows_per_s");
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios.put("one_value_readings_to_raw_copy", share(figure(report, "one_value", "readings_per_s"), copy));
        ratios.put("ten_values_readings_to_raw_copy", share(figure(report, "ten_values", "readings_per_s"), copy));
        ratios.put(
                "one_value_messages_to_ack_only",
                share(figure(report, "one_value", "messages_per_s"), figure(report, "ack_only_messages_per_s", "one")));
        ratios.put(
                "ten_values_messages_to_ack_only",
                share(
                        figure(report, "ten_values", "messages_per_s"),
                        figure(report, "ack_only_messages_per_s", "ten")));
        report.put("ratios", ratios);
    }

    private static double figure(Map<String, Object> report, String... path) {
        Object at = report;
        for (String key : path) {
            at = ((Map<?, ?>) at).get(key);
        }
        return ((Number) at).doubleValue();
    }

    private static double share(double figure, double limit) {
        return Math.round(figure / limit * 1000) / 1000.0;
    }
}
