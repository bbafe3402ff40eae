package city.canopy.core.http;

import city.canopy.core.db.Database;
import java.sql.PreparedStatement;

/** Writes down who changed what. Blocking. */
public final class Audit {
    private final Database database;

    public Audit(Database database) {
        this.database = database;
    }

    /**
     * One line.
     *
     * @param actor who, as {@code user:ID} or {@code token:ID}
     * @param action what, such as {@code device.enrol}
     * @param target on what; no secrets
     */
    public void write(String actor, String action, String target) {
        database.inTransaction(c -> {
            try (PreparedStatement s =
                    c.prepareStatement("insert into audit (actor, action, target) values (?, ?, ?)")) {
                s.setString(1, actor);
                s.setString(2, action);
                s.setString(3, target);
                return s.executeUpdate();
            }
        });
    }
}
