package city.canopy.core.series;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Lays out the large tables ({@code observation}, {@code frame_block}) and their roll-ups, as TimescaleDB hypertables
 * where the extension can be had, else as daily partitions. The only class that knows which: tables, columns and
 * queries are the same for everyone else. Thread-safe.
 */
public final class SeriesLayout {
    /** How far ahead of now room is made, and how far ahead a reading may be measured. */
    public static final Duration AHEAD = Duration.ofDays(2);

    static final String OBSERVATION = "create table observation (datastream_id bigint not null,"
            + " measured_at timestamptz not null, value double precision not null, quality smallint not null,"
            + " received_at timestamptz not null, frame_id bigint not null,"
            + " primary key (datastream_id, measured_at))";
    static final String FRAME_BLOCK = "create table frame_block (id bigint not null,"
            + " received_at timestamptz not null, n int not null, payload bytea not null,"
            + " primary key (id, received_at))";
    private static final String ROLL_UP_COLUMNS = " (datastream_id bigint not null, bucket timestamptz not null,"
            + " n bigint not null, min_value double precision not null, max_value double precision not null,"
            + " sum_value double precision not null, first_value double precision not null,"
            + " last_value double precision not null, primary key (datastream_id, bucket))";
    static final String ROLLUP_HOUR = "create table rollup_hour" + ROLL_UP_COLUMNS;
    static final String ROLLUP_DAY = "create table rollup_day" + ROLL_UP_COLUMNS;

    private final Database database;
    private final SeriesConfig config;
    private final Clock clock;
    private final SeriesTables tables;
    private final PgRollUps rollUps;

    private SeriesLayout(Database database, SeriesConfig config, Clock clock, SeriesTables tables) {
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.tables = tables;
        this.rollUps = tables.needsRollUps() ? new PgRollUps(database, PgRollUps.WAIT_FOR_WRITERS) : null;
    }

    /**
     * Makes what is not there yet and reads what is. A database keeps the layout that it got first.
     *
     * @throws DatabaseException when the database refuses
     */
    public static SeriesLayout prepare(Database database, SeriesConfig config, Clock clock) {
        Objects.requireNonNull(config, "config");
        try {
            String why = created(database);
            SeriesTables tables;
            if (database.read(c -> is(
                    c,
                    "select count(*) > 0 from pg_partitioned_table" + " where partrelid = 'observation'::regclass"))) {
                PartitionedTables partitioned = new PartitionedTables(database, why);
                partitioned.load();
                tables = partitioned;
            } else {
                tables = TimescaleTables.probe(database, config);
            }
            SeriesLayout layout = new SeriesLayout(database, config, clock, tables);
            if (layout.rollUps != null) {
                layout.rollUps.prepare(Micros.of(clock.instant()));
            }
            layout.ensureAhead(Micros.of(clock.instant()));
            return layout;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Makes the tables where they are not there; says why TimescaleDB is not used. */
    private static String created(Database database) throws SQLException {
        String why = whyNoTimescale(database);
        try (Connection c = database.open();
                Statement s = c.createStatement()) {
            s.execute("select pg_advisory_xact_lock(hashtext('canopy series layout'))");
            if (is(c, "select to_regclass('observation') is null")) {
                if (why == null) {
                    TimescaleTables.create(s);
                } else {
                    PartitionedTables.create(s);
                }
                // The log of received times finds the tail after a crash, that of measured times an hour to roll up.
                s.execute("create index observation_time on observation using brin (received_at, measured_at)"
                        + " with (autosummarize = on)");
                // Blocks are packed already.
                s.execute("alter table frame_block alter column payload set storage external");
                s.execute("alter sequence frame_block_id increment by " + PgFrames.IDS_AT_ONCE);
            } else if (why == null) {
                why = "the tables were made before the extension was there";
            }
            c.commit();
            return why;
        }
    }

    /**
     * Brings the extension in where it can be had; null when it is there. On a connection of its own: a server that has
     * its files but does not preload it ends the connection that asks.
     */
    private static String whyNoTimescale(Database database) throws SQLException {
        try (Connection c = database.open();
                Statement s = c.createStatement()) {
            if (is(c, "select count(*) = 0 from pg_available_extensions where name = 'timescaledb'")) {
                return "this server has no TimescaleDB";
            }
            try {
                s.execute("create extension if not exists timescaledb");
                c.commit();
                return null;
            } catch (SQLException e) {
                return "TimescaleDB cannot be enabled: "
                        + e.getMessage().lines().findFirst().orElse("refused");
            }
        }
    }

    private static boolean is(Connection c, String question) throws SQLException {
        try (Statement s = c.createStatement();
                ResultSet r = s.executeQuery(question)) {
            return r.next() && r.getBoolean(1);
        }
    }

    /** What is used and why, for {@code check}. */
    public String describe() {
        return tables.describe();
    }

    SeriesConfig config() {
        return config;
    }

    Database database() {
        return database;
    }

    /** Our roll-ups, or null where the database keeps them. */
    PgRollUps rollUps() {
        return rollUps;
    }

    /** Whether a reading measured at this moment finds its place already. */
    boolean coversReading(long micros) {
        return tables.coversReading(micros);
    }

    /** Whether a frame received at this moment is still to be kept for a day or more. */
    boolean keepsFrame(long micros) {
        return micros >= Micros.of(clock.instant()) - PartitionedTables.micros(config.frames()) + Micros.DAY;
    }

    boolean coversFrame(long micros) {
        return tables.coversFrame(micros);
    }

    /**
     * Makes room for readings of these moments, as far as they may be stored at all: not older than the retention, not
     * further ahead than {@link #AHEAD}. One outside finds no place and fails with SQLSTATE 23514.
     */
    int ensureReadings(Collection<Long> moments) {
        long now = Micros.of(clock.instant());
        long first = now - PartitionedTables.micros(config.raw()) - Micros.DAY;
        long last = now + PartitionedTables.micros(AHEAD);
        return tables.ensureReadings(
                moments.stream().filter(m -> m >= first && m <= last).toList());
    }

    int ensureFrames(Collection<Long> moments) {
        return tables.ensureFrames(moments);
    }

    /** Makes room for today and the days to come. */
    int ensureAhead(long now) {
        List<Long> days = new ArrayList<>();
        for (long t = now - Micros.DAY; t <= now + PartitionedTables.micros(AHEAD); t += Micros.DAY) {
            days.add(t);
        }
        return tables.ensureReadings(days) + tables.ensureFrames(days);
    }

    int dropOld(long now) {
        try {
            return tables.dropOld(now, config);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
