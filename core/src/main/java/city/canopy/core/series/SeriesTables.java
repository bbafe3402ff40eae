package city.canopy.core.series;

import java.sql.SQLException;
import java.util.Collection;

/** One way to lay out the large tables. Chosen by {@link SeriesLayout}; nobody else asks which. */
sealed interface SeriesTables permits PartitionedTables, TimescaleTables {
    /** Whether a reading measured at this moment finds its place. Never blocks. */
    boolean coversReading(long micros);

    /** Whether a frame received at this moment finds its place. Never blocks. */
    boolean coversFrame(long micros);

    /** Makes room for readings measured at these moments; returns how many pieces it made. */
    int ensureReadings(Collection<Long> moments);

    /** Makes room for frames received at these moments; returns how many pieces it made. */
    int ensureFrames(Collection<Long> moments);

    /** Drops what is older than its retention; returns how many pieces. */
    int dropOld(long now, SeriesConfig config) throws SQLException;

    /** Whether {@link PgRollUps} has to keep the roll-ups. */
    boolean needsRollUps();

    /** For {@code check}: what is used, and why. */
    String describe();
}
