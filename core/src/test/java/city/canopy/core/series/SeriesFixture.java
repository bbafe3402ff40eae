package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A database of its own with everything that series need, one partition's store, and words to feed it with. */
final class SeriesFixture implements AutoCloseable {
    /** A clock that tests move. */
    static final class TestClock extends Clock {
        private Instant now;

        TestClock(Instant now) {
            this.now = now;
        }

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    final TestClock clock = new TestClock(NOON);
    final Database database = TestDatabase.withoutSeries();
    final SeriesLayout layout;
    Datastreams datastreams;
    Latest latest;
    PgSeriesStore store;
    Connection connection;

    SeriesFixture() throws SQLException {
        this(SeriesConfig.defaults());
    }

    SeriesFixture(SeriesConfig config) throws SQLException {
        layout = SeriesLayout.prepare(database, config, clock);
        restart();
    }

    /** Forgets all that is in memory, as a kill does, and loads what is in the database. */
    void restart() throws SQLException {
        if (connection != null) {
            connection.close();
            store.close();
        }
        connection = database.open();
        datastreams = Datastreams.load(database);
        latest = PgSeriesStore.load(database);
        store = new PgSeriesStore("partition-0", layout, latest, clock);
    }

    Datastream stream(String device) {
        return stream(device, "soil_moisture");
    }

    Datastream stream(String device, String quantity) {
        Datastreams.Key key =
                new Datastreams.Key(new DeviceId(device), new Quantity(quantity), 0, "trees", "tree-" + device, "%");
        return datastreams.resolve(List.of(key)).get(0);
    }

    /** A timed sample, measured some seconds after noon, in a message of its own number. */
    Sample sample(Datastream stream, double value, double second, int message) {
        return new Sample(stream, value, at(second), Micros.of(clock.instant()), true, message);
    }

    Sample untimed(Datastream stream, double value, double second, int message) {
        return new Sample(stream, value, at(second), at(second), false, message);
    }

    static long at(double second) {
        return Micros.of(NOON) + Math.round(second * Micros.SECOND);
    }

    static List<RawFrame> frames(List<Sample> samples) {
        int n = samples.stream().mapToInt(Sample::message).max().orElse(-1) + 1;
        List<RawFrame> frames = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            byte[] payload = ("{\"message\": " + i + "}").getBytes(StandardCharsets.UTF_8);
            frames.add(new RawFrame("probe-" + i, "canopy/v1/devices/probe/telemetry", null, at(0), payload));
        }
        return frames;
    }

    /** Appends, commits and adopts. */
    Appended append(Sample... samples) throws SQLException {
        return append(List.of(samples));
    }

    Appended append(List<Sample> samples) throws SQLException {
        Batch batch = store.append(connection, samples, frames(samples));
        connection.commit();
        batch.adopt();
        return batch.result();
    }

    long count(String sql) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                r.next();
                return r.getLong(1);
            }
        });
    }

    void execute(String... statements) {
        database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                for (String sql : statements) {
                    s.execute(sql);
                }
            }
            return null;
        });
    }

    /** All readings of a datastream as {@code second=value}, by time. */
    String stored(Datastream stream) {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement("select " + Micros.fromTime("measured_at")
                    + ", value, quality from observation where datastream_id = ? order by measured_at")) {
                s.setLong(1, stream.id());
                List<String> all = new ArrayList<>();
                try (ResultSet r = s.executeQuery()) {
                    while (r.next()) {
                        all.add(shown(r.getLong(1), r.getDouble(2))
                                + switch (r.getInt(3)) {
                                    case 0 -> "";
                                    case Quality.LATE -> " late";
                                    case Quality.UNTIMED -> " untimed";
                                    default -> " late untimed";
                                });
                    }
                }
                return String.join(", ", all);
            }
        });
    }

    static String shown(long micros, double value) {
        double second = (micros - at(0)) / 1e6;
        return (second == Math.rint(second) ? Long.toString((long) second) : Double.toString(second)) + "=" + value;
    }

    /** What memory holds against what the readings say, for every datastream. */
    void assertLatestIsTrue() {
        List<String> believed = new ArrayList<>();
        for (long id :
                new TreeSet<>(datastreams.list().stream().map(Datastream::id).toList())) {
            latest.find(id).ifPresent(r -> believed.add(id + ": " + shown(r.measuredAt(), r.value())));
        }
        List<String> truth = database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select distinct on (datastream_id) datastream_id, "
                            + Micros.fromTime("measured_at")
                            + ", value from observation order by datastream_id, measured_at desc")) {
                List<String> all = new ArrayList<>();
                while (r.next()) {
                    all.add(r.getLong(1) + ": " + shown(r.getLong(2), r.getDouble(3)));
                }
                return all;
            }
        });
        assertThat(believed).isEqualTo(truth);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        store.close();
        database.close();
    }
}
