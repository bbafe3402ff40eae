package city.canopy.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgRuleStatesTest {
    private final Database database = TestDatabase.fresh();

    @AfterEach
    void close() {
        database.close();
    }

    private void write(RuleStates.Kept... states) {
        database.inTransaction(connection -> {
            PgRuleStates.write(connection, List.of(states));
            return null;
        });
    }

    @Test
    void whatIsWrittenIsReadBackAndWhatIsClearHasNoRow() {
        Finding.Proof proof = new Finding.Proof(
                OptionalDouble.of(12.5), 99, Map.of("limit", 18.0, "species_group", "ordinary", "wet", true));
        RuleStates.Kept pending = new RuleStates.Kept("tree-dry", "17", RuleState.pending(1_000_001, proof));
        RuleStates.Kept silent =
                new RuleStates.Kept("device-silent", "@device/x", RuleState.firing(5, Finding.Proof.NONE));
        write(pending, silent);
        assertThat(database.read(PgRuleStates::load)).containsExactlyInAnyOrder(pending, silent);
        RuleStates.Kept firing = new RuleStates.Kept("tree-dry", "17", RuleState.firing(1_000_001, proof));
        assertThat(database.<List<RuleStates.Kept>>read(
                        connection -> PgRuleStates.find(connection, List.of("17", "18"))))
                .containsExactly(pending);
        write(firing, new RuleStates.Kept("device-silent", "@device/x", RuleState.CLEAR));
        assertThat(database.read(PgRuleStates::load)).containsExactly(firing);
    }

    @Test
    void aChangedTextIsANewVersionAndADisabledRuleStaysAway() {
        List<RuleText> texts = RuleWorld.PACKS.rules();
        assertThat(adopt(texts).list())
                .hasSize(texts.size())
                .allMatch(rule -> rule.head().version() == 1);
        assertThat(adopt(texts).list()).allMatch(rule -> rule.head().version() == 1);
        List<RuleText> edited = texts.stream()
                .map(text -> text.rule().id().equals("tree-dry")
                        ? new RuleText(text.pack(), text.rule(), text.text() + "# drier\n")
                        : text)
                .toList();
        RuleBook book = adopt(edited);
        assertThat(book.find("tree-dry").orElseThrow().head().version()).isEqualTo(2);
        assertThat(book.find("tree-tilt").orElseThrow().head().version()).isEqualTo(1);
        database.inTransaction(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update rule set enabled = false where id = 'tree-dry'")) {
                return update.executeUpdate();
            }
        });
        assertThat(adopt(edited).find("tree-dry")).isEmpty();
    }

    private RuleBook adopt(List<RuleText> texts) {
        return database.inTransaction(connection -> PgRuleVersions.adopt(connection, texts));
    }
}
