package city.canopy.core.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The table {@code rule_state}: every state that is not clear. What is clear has no row. */
public final class PgRuleStates {
    private static final String SELECT = "select rule, key, phase, state from rule_state";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PgRuleStates() {}

    /** Everything that is not clear. */
    public static List<RuleStates.Kept> load(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            return read(select);
        }
    }

    /** What is not clear of these {@link Source#key}s. */
    public static List<RuleStates.Kept> find(Connection connection, Collection<String> keys) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " where key = any(?)")) {
            select.setArray(1, texts(connection, List.copyOf(keys)));
            return read(select);
        }
    }

    private static List<RuleStates.Kept> read(PreparedStatement select) throws SQLException {
        List<RuleStates.Kept> kept = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                RuleState.Phase phase =
                        RuleState.Phase.valueOf(rows.getString(3).toUpperCase(Locale.ROOT));
                kept.add(new RuleStates.Kept(rows.getString(1), rows.getString(2), read(phase, rows.getString(4))));
            }
        }
        return kept;
    }

    /** Writes states as they now are; the same rule and key must not come twice. */
    static void write(Connection connection, List<RuleStates.Kept> changes) throws SQLException {
        List<RuleStates.Kept> clear = new ArrayList<>();
        List<RuleStates.Kept> standing = new ArrayList<>();
        for (RuleStates.Kept kept : changes) {
            (kept.state().phase() == RuleState.Phase.CLEAR ? clear : standing).add(kept);
        }
        if (!clear.isEmpty()) {
            delete(connection, clear);
        }
        if (!standing.isEmpty()) {
            upsert(connection, standing);
        }
    }

    private static void delete(Connection connection, List<RuleStates.Kept> states) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from rule_state s using "
                + "unnest(?::text[], ?::text[]) as gone(rule, key) where s.rule = gone.rule and s.key = gone.key")) {
            delete.setArray(
                    1,
                    texts(connection, states.stream().map(RuleStates.Kept::rule).toList()));
            delete.setArray(
                    2,
                    texts(connection, states.stream().map(RuleStates.Kept::key).toList()));
            delete.executeUpdate();
        }
    }

    private static void upsert(Connection connection, List<RuleStates.Kept> states) throws SQLException {
        List<String> json = new ArrayList<>(states.size());
        for (RuleStates.Kept kept : states) {
            json.add(write(kept.state()));
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into rule_state (rule, key, phase, state, updated_at) "
                        + "select rule, key, phase, state::jsonb, now() "
                        + "from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as s(rule, key, phase, state) "
                        + "order by rule, key on conflict (rule, key) do update "
                        + "set phase = excluded.phase, state = excluded.state, updated_at = excluded.updated_at")) {
            insert.setArray(
                    1,
                    texts(connection, states.stream().map(RuleStates.Kept::rule).toList()));
            insert.setArray(
                    2,
                    texts(connection, states.stream().map(RuleStates.Kept::key).toList()));
            insert.setArray(
                    3,
                    texts(
                            connection,
                            states.stream()
                                    .map(kept -> kept.state().phase().name().toLowerCase(Locale.ROOT))
                                    .toList()));
            insert.setArray(4, texts(connection, json));
            insert.executeUpdate();
        }
    }

    private static Array texts(Connection connection, List<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    private static String write(RuleState state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("since", state.since());
        state.proof().value().ifPresent(value -> json.put("value", value));
        json.put("frame", state.proof().frame());
        json.set("seen", JSON.valueToTree(state.proof().seen()));
        return json.toString();
    }

    private static RuleState read(RuleState.Phase phase, String text) throws SQLException {
        try {
            JsonNode json = JSON.readTree(text);
            Map<String, Object> seen = new TreeMap<>();
            json.path("seen").properties().forEach(entry -> seen.put(entry.getKey(), plain(entry.getValue())));
            OptionalDouble value =
                    json.has("value") ? OptionalDouble.of(json.get("value").doubleValue()) : OptionalDouble.empty();
            Finding.Proof proof = new Finding.Proof(value, json.path("frame").longValue(), seen);
            return RuleState.of(phase, json.path("since").longValue(), proof);
        } catch (JsonProcessingException e) {
            throw new SQLException("a rule_state row cannot be read; delete it and the rule starts afresh", e);
        }
    }

    private static Object plain(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return value.isBoolean() ? (Object) value.booleanValue() : value.asText();
    }
}
