package city.canopy.core.kpi;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Computes figures. Those about readings come from the hourly roll-ups, so an hour that is not over yet, and some minutes
 * after it, is not in them. Thread-safe; blocks.
 */
public final class PgKpis {
    private static final String WANTED = "(cardinality(?::text[]) = 0 or service = any(?))";
    private static final String OPENED =
            "select count(*)::float8 from ticket where " + WANTED + " and opened_at >= ? and opened_at < ?";
    private static final String IN_TIME =
            "select 100.0 * count(*) filter (where coalesce(resolved_at, closed_at) <= due_at)"
                    + " / nullif(count(*), 0) from ticket where " + WANTED + " and due_at >= ? and due_at < ?"
                    + " and status not in ('rejected', 'merged', 'withdrawn')";
    private static final String HOURS = "select percentile_cont(0.5) within group (order by"
            + " extract(epoch from resolved_at - opened_at)::float8 / 3600) from ticket where " + WANTED
            + " and resolved_at >= ? and resolved_at < ? and status not in ('rejected', 'merged', 'withdrawn')";
    // The latest reading tells at once; the roll-ups tell of those that have been heard since, or have fallen silent.
    private static final String REPORTING = "with d as (select id from device where not disabled and enrolled_at < ?"
            + " and (cardinality(?::text[]) = 0 or profile = any(?))), p as (select ?::timestamptz as f, ?::timestamptz as t)"
            + " select 100.0 * count(*) filter (where exists (select 1 from datastream s cross join p"
            + " where s.device = d.id and (exists (select 1 from latest l where l.datastream_id = s.id"
            + " and l.measured_at >= p.f and l.measured_at < p.t) or exists (select 1 from rollup_hour h"
            + " where h.datastream_id = s.id and h.bucket >= p.f and h.bucket < p.t)))) / nullif(count(*), 0) from d";
    private static final String STREAMS = " from rollup_hour h join datastream s on s.id = h.datastream_id"
            + " where s.quantity = ? and (?::text is null or s.layer = ?) and h.bucket >= ? and h.bucket < ?";
    private static final String MEAN = "select sum(h.sum_value) / nullif(sum(h.n), 0)::float8" + STREAMS;
    private static final String OVER =
            "select 100.0 * count(*) filter (where h.max_value > ?) / nullif(count(*), 0)" + STREAMS;

    private final Database database;

    public PgKpis(Database database) {
        this.database = Objects.requireNonNull(database, "database");
    }

    /** The figure of a period; empty where nothing was there to be counted. */
    public OptionalDouble value(Measure measure, Period period) {
        return database.read(c -> value(c, measure, period));
    }

    private static OptionalDouble value(Connection c, Measure measure, Period period) throws SQLException {
        if (measure instanceof Measure.OfTickets tickets) {
            return one(c, sql(tickets), with(period, array(tickets.services()), array(tickets.services())));
        }
        if (measure instanceof Measure.DevicesReporting devices) {
            String[] profiles = array(devices.profiles());
            return one(c, REPORTING, with(period, period.to().atOffset(ZoneOffset.UTC), profiles, profiles));
        }
        if (measure instanceof Measure.MeanOf mean) {
            String layer = mean.layer().orElse(null);
            return one(c, MEAN, with(period, mean.quantity().name(), layer, layer));
        }
        Measure.HoursOver over = (Measure.HoursOver) measure;
        String layer = over.layer().orElse(null);
        return one(c, OVER, with(period, over.limit(), over.quantity().name(), layer, layer));
    }

    private static String sql(Measure.OfTickets measure) {
        if (measure instanceof Measure.TicketsOpened) {
            return OPENED;
        }
        return measure instanceof Measure.ResolvedInTime ? IN_TIME : HOURS;
    }

    private static String[] array(Set<String> names) {
        return names.toArray(String[]::new);
    }

    /** Some values, then the period's two moments. */
    private static List<Object> with(Period period, Object... values) {
        List<Object> all = new ArrayList<>(java.util.Arrays.asList(values));
        all.add(period.from().atOffset(ZoneOffset.UTC));
        all.add(period.to().atOffset(ZoneOffset.UTC));
        return all;
    }

    private static OptionalDouble one(Connection c, String sql, List<Object> values) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                if (value instanceof String[] several) {
                    select.setArray(i + 1, c.createArrayOf("text", several));
                } else if (value instanceof String || value == null) {
                    select.setString(i + 1, (String) value);
                } else {
                    select.setObject(i + 1, value);
                }
            }
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                double value = rows.getDouble(1);
                return rows.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
            }
        }
    }
}
