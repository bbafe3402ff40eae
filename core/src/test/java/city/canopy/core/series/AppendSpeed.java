package city.canopy.core.series;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.db.WalMeter;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast one partition appends, against COPY of the same rows alone; run by hand. Arguments: devices, values per
 * message, messages per batch, batches,
 * and perhaps a statement to run first (such as one that drops an index).
 */
final class AppendSpeed {
    private AppendSpeed() {}

    public static void main(String[] args) throws SQLException {
        int devices = Integer.parseInt(args[0]);
        int values = Integer.parseInt(args[1]);
        int messages = Integer.parseInt(args[2]);
        int batches = Integer.parseInt(args[3]);
        try (Database database = TestDatabase.fresh()) {
            SeriesLayout layout = SeriesLayout.prepare(database, SeriesConfig.defaults(), Clock.systemUTC());
            List<Datastream> streams = Datastreams.load(database).resolve(keys(devices, values));
            Latest latest = PgSeriesStore.load(database);
            if (args.length > 4) {
                try (Connection c = database.open();
                        Statement s = c.createStatement()) {
                    s.execute(args[4]);
                    c.commit();
                }
            }
            for (int round = 0; round < 3; round++) {
                WalMeter wal = new WalMeter(database);
                long took = appended(database, layout, latest, streams, values, messages, batches);
                report("append", took, (long) messages * batches, values, wal.bytes());
                wal.restart();
                took = copied(database, streams, values, messages, batches);
                report("COPY  ", took, (long) messages * batches, values, wal.bytes());
            }
            savepoints(database);
        }
    }

    private static List<Datastreams.Key> keys(int devices, int values) {
        List<Datastreams.Key> keys = new ArrayList<>();
        for (int d = 0; d < devices; d++) {
            for (int v = 0; v < values; v++) {
                keys.add(new Datastreams.Key(new DeviceId("d" + d), new Quantity("q" + v), 0, null, null, "%"));
            }
        }
        return keys;
    }

    private static List<Sample> batch(List<Datastream> streams, int values, int messages, int number, long now) {
        List<Sample> samples = new ArrayList<>(messages * values);
        int devices = streams.size() / values;
        for (int m = 0; m < messages; m++) {
            int device = (number * messages + m) % devices;
            for (int v = 0; v < values; v++) {
                samples.add(new Sample(streams.get(device * values + v), m + v * 0.1, now + m, now, true, m));
            }
        }
        return samples;
    }

    private static List<RawFrame> frames(int messages, int values, long now) {
        List<RawFrame> frames = new ArrayList<>(messages);
        for (int m = 0; m < messages; m++) {
            String json = "{\"ts\":" + (now / 1000 + m) + ",\"values\":{"
                    + "\"q1\":23.1,\"q2\":42.5,".repeat(Math.max(1, values / 2)) + "\"end\":" + m + "}}";
            frames.add(new RawFrame(
                    "d" + m,
                    "canopy/v1/devices/d" + m + "/telemetry",
                    null,
                    now,
                    json.getBytes(StandardCharsets.UTF_8)));
        }
        return frames;
    }

    private static long appended(
            Database database,
            SeriesLayout layout,
            Latest latest,
            List<Datastream> streams,
            int values,
            int messages,
            int batches)
            throws SQLException {
        try (Connection c = database.open();
                PgSeriesStore store = new PgSeriesStore("speed", layout, latest, Clock.systemUTC())) {
            long took = 0;
            for (int b = 0; b < batches; b++) {
                long now = Micros.of(Clock.systemUTC().instant());
                List<Sample> samples = batch(streams, values, messages, b, now);
                List<RawFrame> frames = frames(messages, values, now);
                long start = System.nanoTime();
                Batch batch = store.append(c, samples, frames);
                c.commit();
                batch.adopt();
                took += System.nanoTime() - start;
                if (batch.result().fresh().size() != samples.size()) {
                    throw new IllegalStateException("not everything was new");
                }
            }
            return took;
        }
    }

    private static long copied(Database database, List<Datastream> streams, int values, int messages, int batches)
            throws SQLException {
        ObservationCopy copy = new ObservationCopy();
        try (Connection c = database.open()) {
            long took = 0;
            for (int b = 0; b < batches; b++) {
                long now = Micros.of(Clock.systemUTC().instant());
                List<Sample> samples = batch(streams, values, messages, b, now);
                long start = System.nanoTime();
                copy.begin(c);
                for (Sample s : samples) {
                    copy.row(s.stream().id(), s.measuredAt(), s.value(), (short) 0, s.receivedAt(), b);
                }
                copy.end();
                c.commit();
                took += System.nanoTime() - start;
            }
            return took;
        }
    }

    private static void savepoints(Database database) throws SQLException {
        try (Connection c = database.open();
                Statement s = c.createStatement()) {
            s.execute("select 1");
            long start = System.nanoTime();
            for (int i = 0; i < 2_000; i++) {
                c.setSavepoint();
            }
            System.out.printf("a savepoint takes %.1f us%n", (System.nanoTime() - start) / 2e6);
        }
    }

    private static void report(String what, long nanos, long messages, int values, long wal) {
        System.out.printf(
                "%s %,9.0f messages/s %,9.0f readings/s  WAL %.0f bytes/reading%n",
                what, messages / (nanos / 1e9), messages * values / (nanos / 1e9), (double) wal / (messages * values));
    }
}
