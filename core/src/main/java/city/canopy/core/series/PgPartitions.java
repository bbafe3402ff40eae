package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The native range partitions of one table, each some days wide and named by its first day
 * ({@code observation_20261124}). Making one locks nobody out: it is made on the side and then attached.
 */
final class PgPartitions {
    private static final DateTimeFormatter DAY_NAME = DateTimeFormatter.BASIC_ISO_DATE;
    /** Held while partitions are made, so that two processes do not make the same one. */
    /** For laying out days: no other lock of ours may have this number. */
    private static final long LOCK = 0x63616e6f70790001L;

    private final Database database;
    private final String table;
    private final int days;
    /** First days of the partitions that are there, as days since 1970-01-01. */
    private final Set<Long> known = ConcurrentHashMap.newKeySet();

    /** @param days how many days one partition holds; its first day is a multiple of that since 1970-01-01 */
    PgPartitions(Database database, String table, int days) {
        this.database = database;
        this.table = table;
        this.days = days;
    }

    void load() {
        for (String name : database.read(c -> names(c, "i.inhrelid is not null and not i.inhdetachpending"))) {
            known.add(LocalDate.parse(name.substring(table.length() + 1), DAY_NAME)
                    .toEpochDay());
        }
    }

    /** Whether there is a partition for this moment. */
    boolean covers(long micros) {
        return known.contains(firstDay(micros));
    }

    private long firstDay(long micros) {
        return Math.floorDiv(Math.floorDiv(micros, Micros.DAY), days) * days;
    }

    /** Makes what is missing for these moments, in a transaction of its own. */
    synchronized int ensure(Collection<Long> moments) {
        Set<Long> missing = new TreeSet<>();
        moments.forEach(moment -> missing.add(firstDay(moment)));
        missing.removeAll(known);
        if (missing.isEmpty()) {
            return 0;
        }
        database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                s.execute("select pg_advisory_xact_lock(" + LOCK + ")");
                for (long day : missing) {
                    make(s, day);
                }
            }
            return null;
        });
        known.addAll(missing);
        return missing.size();
    }

    private void make(Statement s, long day) throws SQLException {
        String name = name(day);
        try (ResultSet r = s.executeQuery("select to_regclass('" + name + "') is not null")) {
            r.next();
            if (r.getBoolean(1)) {
                return;
            }
        }
        s.execute("create table " + name + " (like " + table + " including all)");
        s.execute("alter table " + table + " attach partition " + name + " for values from ('"
                + LocalDate.ofEpochDay(day) + " 00:00+00') to ('" + LocalDate.ofEpochDay(day + days) + " 00:00+00')");
    }

    private String name(long day) {
        return table + "_" + LocalDate.ofEpochDay(day).format(DAY_NAME);
    }

    /** Drops the partitions that hold nothing measured at or after a moment. Readers and writers go on meanwhile. */
    synchronized int dropBefore(long micros) throws SQLException {
        List<Long> old = known.stream()
                .filter(day -> (day + days) * Micros.DAY <= micros)
                .sorted()
                .toList();
        try (Connection c = database.open()) {
            // A concurrent detach cannot run inside a transaction.
            c.setAutoCommit(true);
            finishInterrupted(c);
            for (long day : old) {
                known.remove(day);
                try (Statement s = c.createStatement()) {
                    s.execute("alter table " + table + " detach partition " + name(day) + " concurrently");
                    s.execute("drop table " + name(day));
                }
            }
        }
        return old.size();
    }

    /** Ends what an earlier run began: a detach that was cut off, a detached table that was not dropped. */
    private void finishInterrupted(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            for (String name : names(c, "i.inhdetachpending")) {
                s.execute("alter table " + table + " detach partition " + name + " finalize");
            }
            for (String name : names(c, "i.inhrelid is null")) {
                s.execute("drop table " + name);
            }
        }
    }

    private List<String> names(Connection c, String condition) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement find = c.prepareStatement("select c.relname from pg_class c"
                + " left join pg_inherits i on i.inhrelid = c.oid"
                + " where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace"
                + " and c.relname ~ ('^' || ? || '_[0-9]{8}$') and " + condition)) {
            find.setString(1, table);
            try (ResultSet r = find.executeQuery()) {
                while (r.next()) {
                    names.add(r.getString(1));
                }
            }
        }
        return names;
    }
}
