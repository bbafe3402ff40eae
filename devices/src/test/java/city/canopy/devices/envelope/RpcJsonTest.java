package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device's answer is its own; what it means for the command is told from it. */
class RpcJsonTest {
    private static final Instant AT = Instant.parse("2026-11-03T04:01:00Z");

    private static CommandReply response(String text) throws CommandException {
        return RpcJson.response("17", text.getBytes(StandardCharsets.UTF_8), AT);
    }

    @Test
    void aRequestHasAMethodAndItsParameters() {
        Command command =
                new Command("c-1", new DeviceId("valve-1"), "open_valve", Map.of("minutes", 20L), Optional.empty(), AT);
        assertThat(new String(RpcJson.request(command), StandardCharsets.UTF_8))
                .isEqualTo("{\"method\":\"open_valve\",\"params\":{\"minutes\":20}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"on\":true}                      | DONE   | {\"on\":true}",
                "{}                                 | DONE   | {}",
                "[1,2]                              | DONE   | [1,2]",
                "{\"error\":null,\"success\":true}  | DONE   | {\"error\":null,\"success\":true}",
                "{\"error\":\"stuck\"}              | FAILED | stuck",
                "{\"error\":{\"code\":7}}           | FAILED | {\"code\":7}",
                "{\"success\":false}                | FAILED | {\"success\":false}"
            })
    void anObjectOrAListStandsInTheDetail(String text, State state, String detail) throws CommandException {
        CommandReply reply = response(text);
        assertThat(reply).isEqualTo(new CommandReply("17", state, detail, null, AT));
    }

    @Test
    void aSingleValueIsTheValue() throws CommandException {
        assertThat(response("21.5").value()).isEqualTo(21.5);
        assertThat(response("true").value()).isEqualTo(true);
        assertThat(response("\"open\"").value()).isEqualTo("open");
        assertThat(response("null")).isEqualTo(new CommandReply("17", State.DONE, "", null, AT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ok", "{\"on\":", "1 2", "[[[[[[[[[1]]]]]]]]]"})
    void whatIsNoJsonIsNoResponse(String text) {
        assertThatThrownBy(() -> response(text)).isInstanceOf(CommandException.class);
    }

    @Test
    void aResponseHasALimit() throws CommandException {
        String longest = "\"" + "x".repeat(CommandJson.MAX_BYTES - 2) + "\"";
        assertThat(response(longest).state()).isEqualTo(State.DONE);
        assertThatThrownBy(() -> response(longest + " "))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("16384");
    }
}
