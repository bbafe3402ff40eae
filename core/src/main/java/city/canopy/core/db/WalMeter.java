package city.canopy.core.db;

import java.sql.ResultSet;
import java.sql.Statement;

/** How much the server writes to its log, the larger part of what durability costs; for benches. */
public final class WalMeter {
    private final Database database;
    private long from;

    /** Begins to measure now. Everything that the server does counts, not only our part. */
    public WalMeter(Database database) {
        this.database = database;
        this.from = position(database);
    }

    /** Bytes written since the start or the last {@link #restart}. */
    public long bytes() {
        return position(database) - from;
    }

    public void restart() {
        from = position(database);
    }

    private static long position(Database database) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint")) {
                r.next();
                return r.getLong(1);
            }
        });
    }
}
