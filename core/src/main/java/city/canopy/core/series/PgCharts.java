package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Datastreams for charts: the readings themselves while they are few, else buckets, which come from the roll-ups wherever
 * they are an hour wide or wider. Thread-safe; blocks.
 */
public final class PgCharts {
    /** How many points a line has when nobody says. */
    public static final int DEFAULT_POINTS = 600;
    /** The most points of a line. */
    public static final int MAX_POINTS = 2_000;
    /** The most lines of a chart. */
    public static final int MAX_LINES = 50;
    /** The longest span. */
    public static final Duration LONGEST = Duration.ofDays(3_660);

    private static final long DAY = 86_400;
    /** Widths in seconds, each of which divides the day; beyond them whole days. */
    private static final long[] WIDTHS = {
        1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY
    };

    private final SeriesQuery series;
    private final Database database;

    public PgCharts(SeriesQuery series, Database database) {
        this.series = Objects.requireNonNull(series, "series");
        this.database = Objects.requireNonNull(database, "database");
    }

    /**
     * The chart of some datastreams.
     *
     * @param from the first moment
     * @param to the end, not included; at most {@link #LONGEST} later
     * @param points how many points a line may have, 2 to {@link #MAX_POINTS}
     * @throws IllegalArgumentException when it would be over one of the limits; it says which
     */
    public Chart chart(List<Datastream> streams, Instant from, Instant to, int points) {
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "\"from\" must be before \"to\", by " + LONGEST.toDays() + " days at most");
        }
        if (points < 2 || points > MAX_POINTS) {
            throw new IllegalArgumentException("\"points\" is a whole number from 2 to " + MAX_POINTS);
        }
        if (streams.size() > MAX_LINES) {
            throw new IllegalArgumentException("that would be " + streams.size() + " lines, over " + MAX_LINES
                    + ": ask for one quantity, or for one device");
        }
        long step = step(Duration.between(from, to), points);
        List<Chart.Line> lines = new ArrayList<>();
        for (Datastream stream : streams) {
            Chart.Line line = line(stream, from, to, points, Duration.ofSeconds(step));
            if (!line.points().isEmpty()) {
                lines.add(line);
            }
        }
        return new Chart(from, to, step, lines);
    }

    /** The narrowest width that keeps a line within its points, wherever the first bucket begins; in seconds. */
    static long step(Duration span, int points) {
        long seconds = span.toSeconds() + (span.getNano() > 0 ? 1 : 0);
        for (long width : WIDTHS) {
            if (fits(seconds, width, points)) {
                return width;
            }
        }
        long days = 2;
        while (!fits(seconds, days * DAY, points)) {
            days++;
        }
        return days * DAY;
    }

    private static boolean fits(long seconds, long width, int points) {
        return (seconds + width - 1) / width + 1 <= points;
    }

    private Chart.Line line(Datastream stream, Instant from, Instant to, int points, Duration step) {
        List<SeriesBucket> buckets = series.buckets(stream.id(), from, to, step);
        long readings = buckets.stream().mapToLong(SeriesBucket::n).sum();
        if (readings > points) {
            return new Chart.Line(stream, false, buckets);
        }
        if (buckets.isEmpty()) {
            return new Chart.Line(stream, true, List.of());
        }
        // Only where there is something: a few readings of a long span lie in few days.
        Instant first = buckets.get(0).start();
        Instant end = buckets.get(buckets.size() - 1).start().plus(step);
        Instant start = first.isBefore(from) ? from : first;
        List<SeriesBucket> raw =
                database.read(c -> readings(c, stream.id(), start, end.isAfter(to) ? to : end, points + 1));
        // The readings of long ago are gone, and their roll-ups are what is left.
        return raw.size() < readings && raw.size() <= points && isOlder(raw, first.plus(step))
                ? new Chart.Line(stream, false, buckets)
                : new Chart.Line(stream, true, raw.size() > points ? raw.subList(0, points) : raw);
    }

    private static boolean isOlder(List<SeriesBucket> raw, Instant endOfFirstBucket) {
        return raw.isEmpty() || !raw.get(0).start().isBefore(endOfFirstBucket);
    }

    private static List<SeriesBucket> readings(Connection c, long stream, Instant from, Instant to, int limit)
            throws SQLException {
        String sql = "select " + Micros.fromTime("measured_at") + ", value from observation where datastream_id = ?"
                + " and measured_at >= " + Micros.toTime("?::bigint") + " and measured_at < "
                + Micros.toTime("?::bigint") + " order by measured_at limit ?";
        List<SeriesBucket> points = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, stream);
            s.setLong(2, Micros.of(from));
            s.setLong(3, Micros.of(to));
            s.setInt(4, limit);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    double value = r.getDouble(2);
                    points.add(new SeriesBucket(Micros.instant(r.getLong(1)), 1, value, value, value, value, value));
                }
            }
        }
        return points;
    }
}
