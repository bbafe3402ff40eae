package city.canopy.core.bench;

import city.canopy.core.db.Database;
import java.sql.ResultSet;
import java.sql.Statement;

/** What the tables take on disk, indexes included, while nothing is compressed yet. */
final class TableSizes {
    private TableSizes() {}

    /** Bytes of all of the service's tables. */
    static long bytes(Database database) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint"
                            + " from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")) {
                r.next();
                return r.getLong(1);
            }
        });
    }
}
