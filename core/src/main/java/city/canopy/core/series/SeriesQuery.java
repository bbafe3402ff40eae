package city.canopy.core.series;

import city.canopy.core.db.Database;
import city.canopy.devices.model.DeviceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;

/** What has been measured, for people and programs. Thread-safe; blocks, except where it says that it answers from memory. */
public final class SeriesQuery {
    /** The most buckets that a chart gets. */
    public static final int MAX_BUCKETS = 5_000;

    private static final String COLUMNS = "datastream_id, " + Micros.fromTime("measured_at") + ", value, "
            + Micros.fromTime("received_at") + ", quality, frame_id";

    private final SeriesLayout layout;
    private final Database database;
    private final Datastreams datastreams;
    private final Latest latest;

    public SeriesQuery(SeriesLayout layout, Datastreams datastreams, Latest latest) {
        this.layout = layout;
        this.database = layout.database();
        this.datastreams = datastreams;
        this.latest = latest;
    }

    /**
     * A page of a device's readings. Its cursor stays good however many readings come in meanwhile.
     *
     * @param now bounds the search where the filter does not
     * @throws IllegalArgumentException when the cursor is not one of ours
     */
    public ReadingsPage readings(ReadingsFilter filter, Instant now) {
        long[] streams = datastreams.list(filter.device()).stream()
                .filter(d -> filter.quantity() == null || d.quantity().equals(filter.quantity()))
                .mapToLong(Datastream::id)
                .toArray();
        if (streams.length == 0) {
            return new ReadingsPage(List.of(), null);
        }
        Windows windows = Windows.of(filter, Micros.of(now), layout.config().raw());
        List<StoredReading> found = new ArrayList<>();
        Optional<Windows.Window> window = windows.next();
        while (window.isPresent() && found.size() <= filter.limit()) {
            Windows.Window w = window.get();
            int wanted = filter.limit() + 1 - found.size();
            found.addAll(database.read(c -> readings(c, streams, w, filter.newestFirst(), wanted)));
            window = windows.next();
        }
        if (found.size() <= filter.limit()) {
            return new ReadingsPage(found, null);
        }
        List<StoredReading> page = found.subList(0, filter.limit());
        StoredReading end = page.get(page.size() - 1);
        return new ReadingsPage(
                page,
                new Windows.Position(Micros.of(end.measuredAt()), end.stream().id()).toString());
    }

    private List<StoredReading> readings(
            Connection c, long[] streams, Windows.Window window, boolean newestFirst, int limit) throws SQLException {
        String order = newestFirst ? " desc" : "";
        // One index walk per datastream, each no longer than the page.
        String sql = "select o.* from unnest(?::bigint[]) as d cross join lateral (select " + COLUMNS
                + " from observation where datastream_id = d and measured_at >= " + Micros.toTime("?::bigint")
                + " and measured_at < " + Micros.toTime("?::bigint") + " and (measured_at, datastream_id) "
                + (newestFirst ? "<" : ">") + " (" + Micros.toTime("?::bigint") + ", ?) order by measured_at" + order
                + " limit ?) o order by 2" + order + ", 1" + order + " limit ?";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setArray(1, c.unwrap(PGConnection.class).createArrayOf("int8", streams));
            s.setLong(2, window.from());
            s.setLong(3, window.to());
            s.setLong(4, window.after().micros());
            s.setLong(5, window.after().datastream());
            s.setInt(6, limit);
            s.setInt(7, limit);
            return stored(s);
        }
    }

    private List<StoredReading> stored(PreparedStatement s) throws SQLException {
        List<StoredReading> found = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                Datastream stream = datastreams.find(r.getLong(1)).orElseThrow();
                found.add(new StoredReading(
                        stream,
                        r.getDouble(3),
                        Micros.instant(r.getLong(2)),
                        Micros.instant(r.getLong(4)),
                        r.getInt(5),
                        r.getLong(6)));
            }
        }
        return found;
    }

    /** One reading by its key; empty when it was never stored or its retention is over. */
    public Optional<StoredReading> find(long datastreamId, Instant measuredAt) {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement("select " + COLUMNS
                    + " from observation where datastream_id = ? and measured_at = " + Micros.toTime("?::bigint"))) {
                s.setLong(1, datastreamId);
                s.setLong(2, Micros.of(measuredAt));
                return stored(s).stream().findFirst();
            }
        });
    }

    /** The latest value of each datastream of a device, from memory. Quality is not known here and stands as 0. */
    public List<StoredReading> latest(DeviceId device) {
        return latest(datastreams.list(device));
    }

    /**
     * The latest value of each quantity of a feature, from memory: where several devices or probes measure the same
     * one, the newest. Quality is not known here and stands as 0.
     */
    public List<StoredReading> latest(Subject subject) {
        Map<String, StoredReading> newest = new HashMap<>();
        for (StoredReading reading : latest(datastreams.list(subject))) {
            newest.merge(
                    reading.stream().quantity().name(),
                    reading,
                    (a, b) -> a.measuredAt().isBefore(b.measuredAt()) ? b : a);
        }
        return newest.values().stream()
                .sorted((a, b) -> a.stream().quantity().compareTo(b.stream().quantity()))
                .toList();
    }

    /** The latest value of one datastream, from memory; empty before its first. Quality is not known here. */
    public Optional<StoredReading> latest(Datastream stream) {
        return latest.find(stream.id())
                .map(r -> new StoredReading(
                        stream,
                        r.value(),
                        Micros.instant(r.measuredAt()),
                        Micros.instant(r.receivedAt()),
                        0,
                        r.frame()));
    }

    private List<StoredReading> latest(List<Datastream> streams) {
        return streams.stream().flatMap(stream -> latest(stream).stream()).toList();
    }

    /**
     * A datastream in buckets, for a chart. Buckets are aligned to 1970-01-01 UTC; empty ones are left out. Buckets of
     * whole hours come from the roll-ups as far as these are made; a late reading may be missing there for a minute.
     *
     * @param from the first moment; taken back to its bucket's start
     * @param to the end, not included
     * @param bucket the width: 1 s to 1 h, or whole hours
     * @throws IllegalArgumentException when the width is not one of these, or there would be more than
     *     {@link #MAX_BUCKETS}
     */
    public List<SeriesBucket> buckets(long datastreamId, Instant from, Instant to, Duration bucket) {
        long width = PartitionedTables.micros(bucket);
        if (width < Micros.SECOND || width > Micros.HOUR && width % Micros.HOUR != 0 || bucket.getNano() != 0) {
            throw new IllegalArgumentException(
                    "a bucket is 1 s to 1 h of whole seconds, or whole hours, not " + bucket);
        }
        long start = Micros.floor(Micros.of(from), width);
        long end = Micros.of(to);
        if (end > start && (end - start - 1) / width + 1 > MAX_BUCKETS) {
            throw new IllegalArgumentException(
                    "that would be more than " + MAX_BUCKETS + " buckets: take a longer bucket or a shorter span");
        }
        return database.read(c -> buckets(c, datastreamId, start, end, width));
    }

    private List<SeriesBucket> buckets(Connection c, long datastreamId, long start, long end, long width)
            throws SQLException {
        long hours = width % Micros.HOUR == 0 ? Math.min(rolledUntil(), Micros.floor(end, Micros.HOUR)) : start;
        long days = width % Micros.DAY == 0 ? Math.min(Micros.floor(hours, Micros.DAY), end) : start;
        hours = Math.max(hours, start);
        days = Math.max(days, start);
        String pieces = "select bucket as at, n, min_value, max_value, sum_value, first_value, last_value from %s"
                + " where datastream_id = ? and bucket >= " + Micros.toTime("?::bigint") + " and bucket < "
                + Micros.toTime("?::bigint");
        String sql = "with piece as (" + String.format(pieces, "rollup_day") + " union all "
                + String.format(pieces, "rollup_hour")
                + " union all select measured_at, 1, value, value, value, value, value from observation"
                + " where datastream_id = ? and measured_at >= " + Micros.toTime("?::bigint") + " and measured_at < "
                + Micros.toTime("?::bigint") + ") select floor((" + Micros.fromTime("at")
                + ")::numeric / ?)::bigint as b,"
                + " sum(n)::bigint, min(min_value), max(max_value), sum(sum_value),"
                + " (array_agg(first_value order by at))[1], (array_agg(last_value order by at desc))[1]"
                + " from piece group by b order by b";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            int at = bind(s, 1, datastreamId, start, days);
            at = bind(s, at, datastreamId, days, hours);
            at = bind(s, at, datastreamId, hours, end);
            s.setLong(at, width);
            List<SeriesBucket> buckets = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    long n = r.getLong(2);
                    buckets.add(new SeriesBucket(
                            Micros.instant(r.getLong(1) * width),
                            n,
                            r.getDouble(3),
                            r.getDouble(4),
                            r.getDouble(5) / n,
                            r.getDouble(6),
                            r.getDouble(7)));
                }
            }
            return buckets;
        }
    }

    private static int bind(PreparedStatement s, int at, long datastream, long from, long to) throws SQLException {
        s.setLong(at, datastream);
        s.setLong(at + 1, from);
        s.setLong(at + 2, Math.max(from, to));
        return at + 3;
    }

    private long rolledUntil() {
        return layout.rollUps() == null ? Long.MAX_VALUE : layout.rollUps().rolledUntil();
    }

    /** How many readings a device has in a span; counts them one by one. */
    public long count(DeviceId device, Instant from, Instant to) {
        long[] streams =
                datastreams.list(device).stream().mapToLong(Datastream::id).toArray();
        return database.read(c -> {
            try (PreparedStatement s =
                    c.prepareStatement("select count(*) from observation where datastream_id = any(?)"
                            + " and measured_at >= " + Micros.toTime("?::bigint") + " and measured_at < "
                            + Micros.toTime("?::bigint"))) {
                s.setArray(1, c.unwrap(PGConnection.class).createArrayOf("int8", streams));
                s.setLong(2, Micros.of(from));
                s.setLong(3, Micros.of(to));
                try (ResultSet r = s.executeQuery()) {
                    r.next();
                    return r.getLong(1);
                }
            }
        });
    }

    /** How many readings there are in all, counted one by one: takes its time on a large database. */
    public long countAll() {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select count(*) from observation")) {
                r.next();
                return r.getLong(1);
            }
        });
    }

    /** The message that a reading came in; empty when its retention is over. */
    public Optional<RawFrame> frame(long frameId) {
        return PgSeriesStore.frame(database, frameId);
    }
}
