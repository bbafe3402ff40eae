package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;

/** Plain PostgreSQL: daily range partitions, our own roll-ups and retention. */
final class PartitionedTables implements SeriesTables {
    private static final int ROLL_UP_DAYS = 32;

    private final PgPartitions observations;
    private final PgPartitions frames;
    private final PgPartitions hours;
    private final String reason;

    /** @param reason why TimescaleDB is not used, for people */
    PartitionedTables(Database database, String reason) {
        this.observations = new PgPartitions(database, "observation", 1);
        this.frames = new PgPartitions(database, "frame_block", 1);
        this.hours = new PgPartitions(database, "rollup_hour", ROLL_UP_DAYS);
        this.reason = reason;
    }

    /** Makes the tables, in the caller's transaction. */
    static void create(Statement s) throws SQLException {
        s.execute(SeriesLayout.OBSERVATION + " partition by range (measured_at)");
        s.execute(SeriesLayout.FRAME_BLOCK + " partition by range (received_at)");
        s.execute(SeriesLayout.ROLLUP_HOUR + " partition by range (bucket)");
        s.execute(SeriesLayout.ROLLUP_DAY);
    }

    void load() {
        observations.load();
        frames.load();
        hours.load();
    }

    @Override
    public boolean coversReading(long micros) {
        return observations.covers(micros);
    }

    @Override
    public boolean coversFrame(long micros) {
        return frames.covers(micros);
    }

    @Override
    public int ensureReadings(Collection<Long> moments) {
        return observations.ensure(moments) + hours.ensure(moments);
    }

    @Override
    public int ensureFrames(Collection<Long> moments) {
        return frames.ensure(moments);
    }

    @Override
    public int dropOld(long now, SeriesConfig config) throws SQLException {
        // Readings up to the edge may still be on their way: a day is spared.
        return observations.dropBefore(now - micros(config.raw()) - Micros.DAY)
                + frames.dropBefore(now - micros(config.frames()))
                + hours.dropBefore(now - micros(config.hourly()));
    }

    static long micros(Duration duration) {
        return duration.toSeconds() * Micros.SECOND;
    }

    @Override
    public boolean needsRollUps() {
        return true;
    }

    @Override
    public String describe() {
        return "native daily partitions, own roll-ups and retention (" + reason + ")";
    }
}
