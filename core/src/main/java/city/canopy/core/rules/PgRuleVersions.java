package city.canopy.core.rules;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables {@code rule} and {@code rule_version}: every text that a rule ever had, so that a trace can show it. */
public final class PgRuleVersions {
    private record Known(int version, boolean enabled, String text) {}

    private PgRuleVersions() {}

    /** Takes in the rules of the packs: a changed text is a new version. Gives the enabled ones in their versions. */
    public static RuleBook adopt(Connection connection, List<RuleText> texts) throws SQLException {
        Map<String, Known> known = known(connection);
        List<Rule> enabled = new ArrayList<>();
        for (RuleText text : texts) {
            Known before = known.get(text.rule().id());
            int version = before == null ? 1 : before.version();
            if (before == null || !before.text().equals(text.text())) {
                version = before == null ? 1 : before.version() + 1;
                write(connection, text, version);
            }
            if (before == null || before.enabled()) {
                enabled.add(text.rule().withVersion(version));
            }
        }
        return new RuleBook(enabled);
    }

    /** The version in which each rule stands, be it in force or not, by id. */
    public static Map<String, Integer> list(Connection connection) throws SQLException {
        Map<String, Integer> versions = new HashMap<>();
        known(connection).forEach((id, known) -> versions.put(id, known.version()));
        return versions;
    }

    private static Map<String, Known> known(Connection connection) throws SQLException {
        Map<String, Known> known = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select r.id, r.version, r.enabled, v.text "
                        + "from rule r join rule_version v on v.rule = r.id and v.version = r.version");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                known.put(rows.getString(1), new Known(rows.getInt(2), rows.getBoolean(3), rows.getString(4)));
            }
        }
        return known;
    }

    private static void write(Connection connection, RuleText text, int version) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("insert into rule (id, pack, version) "
                + "values (?, ?, ?) on conflict (id) do update set pack = excluded.pack, version = excluded.version")) {
            upsert.setString(1, text.rule().id());
            upsert.setString(2, text.pack());
            upsert.setInt(3, version);
            upsert.executeUpdate();
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into rule_version (rule, version, text) values (?, ?, ?)")) {
            insert.setString(1, text.rule().id());
            insert.setInt(2, version);
            insert.setString(3, text.text());
            insert.executeUpdate();
        }
    }
}
