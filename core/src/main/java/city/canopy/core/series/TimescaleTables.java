package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * TimescaleDB, feature by feature: the Apache edition makes hypertables and drops chunks but refuses compression,
 * continuous aggregates and policies. What it refuses is done by us.
 */
final class TimescaleTables implements SeriesTables {
    /** What is tried, each on its own. */
    enum Feature {
        COMPRESSION,
        CONTINUOUS_AGGREGATES,
        RETENTION_POLICY
    }

    private final Database database;
    private final Map<Feature, String> refused = new EnumMap<>(Feature.class);

    private TimescaleTables(Database database) {
        this.database = database;
    }

    /** Makes the hypertables, in the caller's transaction; the extension is there. */
    static void create(Statement s) throws SQLException {
        s.execute(SeriesLayout.OBSERVATION);
        s.execute(SeriesLayout.FRAME_BLOCK);
        for (String sql : hypertables()) {
            s.execute(sql);
        }
    }

    static List<String> hypertables() {
        return List.of(
                "select create_hypertable('observation', by_range('measured_at', interval '1 day'),"
                        + " create_default_indexes => false)",
                "select create_hypertable('frame_block', by_range('received_at', interval '1 day'),"
                        + " create_default_indexes => false)");
    }

    /** The statements that bring a feature in; each may be run again. */
    static List<String> statements(Feature feature, SeriesConfig config) {
        return switch (feature) {
            case COMPRESSION ->
                List.of(
                        "alter table observation set (timescaledb.compress,"
                                + " timescaledb.compress_segmentby = 'datastream_id',"
                                + " timescaledb.compress_orderby = 'measured_at desc')",
                        "select add_compression_policy('observation', compress_after => interval '7 days',"
                                + " if_not_exists => true)");
            case CONTINUOUS_AGGREGATES ->
                List.of(
                        aggregate("rollup_hour", "1 hour", "observation", hourColumns()),
                        aggregate("rollup_day", "1 day", "rollup_hour", dayColumns()),
                        refresh("rollup_hour", config.raw(), "1 hour", "10 minutes"),
                        refresh("rollup_day", config.raw(), "1 day", "1 hour"),
                        retention("rollup_hour", config.hourly()));
            case RETENTION_POLICY ->
                List.of(retention("observation", config.raw()), retention("frame_block", config.frames()));
        };
    }

    private static String aggregate(String name, String width, String source, String columns) {
        String time = source.equals("observation") ? "measured_at" : "bucket";
        return "create materialized view if not exists " + name
                + " with (timescaledb.continuous, timescaledb.materialized_only = false) as"
                + " select datastream_id, time_bucket(interval '" + width + "', " + time + ") as bucket, " + columns
                + " from " + source + " group by 1, 2 with no data";
    }

    private static String hourColumns() {
        return "count(*) as n, min(value) as min_value, max(value) as max_value, sum(value) as sum_value,"
                + " first(value, measured_at) as first_value, last(value, measured_at) as last_value";
    }

    private static String dayColumns() {
        return "sum(n)::bigint as n, min(min_value) as min_value, max(max_value) as max_value,"
                + " sum(sum_value) as sum_value, first(first_value, bucket) as first_value,"
                + " last(last_value, bucket) as last_value";
    }

    private static String refresh(String name, Duration back, String upTo, String every) {
        // Not further back than the readings are kept: a refresh over dropped chunks would empty the roll-up.
        return "select add_continuous_aggregate_policy('" + name + "', start_offset => " + interval(back.minusDays(1))
                + ", end_offset => interval '" + upTo + "', schedule_interval => interval '" + every
                + "', if_not_exists => true)";
    }

    private static String retention(String table, Duration keep) {
        return "select add_retention_policy('" + table + "', drop_after => " + interval(keep)
                + ", if_not_exists => true)";
    }

    static String dropChunks(String table, Duration keep) {
        return "select count(*) from drop_chunks('" + table + "', older_than => " + interval(keep) + ")";
    }

    private static String interval(Duration duration) {
        return "interval '" + duration.toHours() + " hours'";
    }

    /** Tries each feature on tables that are there; what is refused is remembered with the reason. */
    static TimescaleTables probe(Database database, SeriesConfig config) throws SQLException {
        TimescaleTables tables = new TimescaleTables(database);
        try (Connection c = database.open();
                Statement s = c.createStatement()) {
            // Continuous aggregates cannot be made inside a transaction.
            c.setAutoCommit(true);
            for (Feature feature : Feature.values()) {
                tables.attempt(s, feature, config);
            }
            if (tables.needsRollUps()) {
                s.execute(SeriesLayout.ROLLUP_HOUR.replace("create table", "create table if not exists"));
                s.execute(SeriesLayout.ROLLUP_DAY.replace("create table", "create table if not exists"));
            }
        }
        return tables;
    }

    private void attempt(Statement s, Feature feature, SeriesConfig config) {
        for (String sql : statements(feature, config)) {
            try {
                s.execute(sql);
            } catch (SQLException e) {
                refused.put(feature, e.getMessage().lines().findFirst().orElse("refused"));
                return;
            }
        }
    }

    @Override
    public boolean coversReading(long micros) {
        return true;
    }

    @Override
    public boolean coversFrame(long micros) {
        return true;
    }

    @Override
    public int ensureReadings(Collection<Long> moments) {
        return 0;
    }

    @Override
    public int ensureFrames(Collection<Long> moments) {
        return 0;
    }

    @Override
    public int dropOld(long now, SeriesConfig config) throws SQLException {
        int dropped = 0;
        if (refused.containsKey(Feature.RETENTION_POLICY)) {
            dropped += dropped(dropChunks("observation", config.raw()));
            dropped += dropped(dropChunks("frame_block", config.frames()));
        }
        return dropped;
    }

    private int dropped(String sql) {
        return database.inTransaction(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                r.next();
                return r.getInt(1);
            }
        });
    }

    @Override
    public boolean needsRollUps() {
        return refused.containsKey(Feature.CONTINUOUS_AGGREGATES);
    }

    @Override
    public String describe() {
        List<String> parts = new ArrayList<>(List.of("TimescaleDB hypertables"));
        for (Feature feature : Feature.values()) {
            String name = feature.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            parts.add(refused.containsKey(feature) ? "no " + name + " (" + refused.get(feature) + ")" : name);
        }
        return String.join(", ", parts);
    }
}
