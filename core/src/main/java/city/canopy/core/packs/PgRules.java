package city.canopy.core.packs;

import city.canopy.core.db.Database;
import city.canopy.core.rules.Rule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Keeps every version of every rule's text, so that a ticket can show the rule as it stood. */
public final class PgRules {
    private PgRules() {}

    /**
     * Compares the packs' rules with what is kept; a rule whose text has changed gets a new version.
     *
     * @return the enabled rules, each with its version
     */
    public static List<Rule> register(Database database, Packs packs) {
        return database.inTransaction(connection -> {
            List<Rule> enabled = new ArrayList<>();
            for (Pack pack : packs.list()) {
                for (Pack.PackRule rule : pack.contents().rules()) {
                    int version = version(connection, pack.id(), rule);
                    if (version > 0) {
                        enabled.add(rule.rule().withVersion(version));
                    }
                }
            }
            return enabled;
        });
    }

    /** The version of the rule's text; negative where the rule is switched off. */
    private static int version(Connection connection, String pack, Pack.PackRule rule) throws SQLException {
        String id = rule.rule().id();
        try (PreparedStatement select = connection.prepareStatement("select r.version, r.enabled, v.text from rule r"
                + " join rule_version v on v.rule = r.id and v.version = r.version where r.id = ? for update of r")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    int version = row.getInt(1);
                    int sign = row.getBoolean(2) ? 1 : -1;
                    if (row.getString(3).equals(rule.text())) {
                        return sign * version;
                    }
                    write(connection, "update rule set version = ?, pack = ? where id = ?", version + 1, pack, id);
                    writeVersion(connection, id, version + 1, rule.text());
                    return sign * (version + 1);
                }
            }
        }
        write(connection, "insert into rule (version, pack, id) values (?, ?, ?)", 1, pack, id);
        writeVersion(connection, id, 1, rule.text());
        return 1;
    }

    private static void write(Connection connection, String sql, int version, String pack, String id)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, version);
            statement.setString(2, pack);
            statement.setString(3, id);
            statement.executeUpdate();
        }
    }

    private static void writeVersion(Connection connection, String id, int version, String text) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into rule_version (rule, version, text) values (?, ?, ?)")) {
            insert.setString(1, id);
            insert.setInt(2, version);
            insert.setString(3, text);
            insert.executeUpdate();
        }
    }
}
