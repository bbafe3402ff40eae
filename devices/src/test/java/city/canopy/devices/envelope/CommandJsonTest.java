package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandJsonTest {
    private static final Instant EXPIRES = Instant.parse("2026-11-03T05:00:00Z");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thisIsHowACommandTravels() throws CommandException {
        Command command = new Command(
                "c-7",
                new DeviceId("valve-1"),
                "open_valve",
                Map.of("minutes", 20L),
                Optional.of(new LwM2m(Operation.WRITE, "/3306/0/5850", true)),
                EXPIRES);
        byte[] json = CommandJson.write(command);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"c-7\",\"device\":\"valve-1\",\"command\":\"open_valve\",\"parameters\":"
                        + "{\"minutes\":20},\"lwm2m\":{\"operation\":\"write\",\"path\":\"/3306/0/5850\",\"value\":true},"
                        + "\"expires_at\":\"2026-11-03T05:00:00Z\"}");
        assertThat(CommandJson.command(json)).isEqualTo(command);
    }

    @Test
    void whatFollowsAWriteTravelsWithIt() throws CommandException {
        LwM2m open = new LwM2m(
                Operation.WRITE, "/3306/0/5850", true, Optional.of(new Then(false, Duration.ofMinutes(20))), true);
        Command command =
                new Command("c-9", new DeviceId("valve-1"), "open_valve", Map.of(), Optional.of(open), EXPIRES);
        byte[] json = CommandJson.write(command);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"then\":{\"value\":false,\"after\":\"PT20M\"},\"at_most_once\":true}");
        assertThat(CommandJson.command(json)).isEqualTo(command);
    }

    @Test
    void anExecutionIsDoneAtMostOnceUnlessItSaysOtherwise() throws CommandException {
        String json = "{\"id\":\"c-1\",\"device\":\"d\",\"command\":\"reboot\",\"lwm2m\":{\"operation\":\"execute\","
                + "\"path\":\"/3/0/4\"%s},\"expires_at\":\"2026-11-03T05:00:00Z\"}";
        assertThat(CommandJson.command(bytes(String.format(json, "")))
                        .lwm2m()
                        .orElseThrow()
                        .atMostOnce())
                .isTrue();
        Command often = CommandJson.command(bytes(String.format(json, ",\"at_most_once\":false")));
        assertThat(often.lwm2m().orElseThrow().atMostOnce()).isFalse();
        assertThat(CommandJson.command(CommandJson.write(often))).isEqualTo(often);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT24H1S", "soon"})
    void whatFollowsDoesSoInADay(String after) {
        byte[] json = bytes("{\"id\":\"c-1\",\"device\":\"d\",\"command\":\"open\",\"lwm2m\":{\"operation\":\"write\","
                + "\"path\":\"/3306/0/5850\",\"value\":true,\"then\":{\"value\":false,\"after\":\"" + after
                + "\"}},\"expires_at\":\"2026-11-03T05:00:00Z\"}");
        assertThatThrownBy(() -> CommandJson.command(json)).isInstanceOf(CommandException.class);
    }

    @Test
    void aCommandForOtherDevicesHasNoPartInLwM2m() throws CommandException {
        Command command =
                new Command("c-8", new DeviceId("d"), "restart", Map.of("why", "stuck"), Optional.empty(), EXPIRES);
        assertThat(CommandJson.command(CommandJson.write(command))).isEqualTo(command);
    }

    @Test
    void thisIsHowAReplyTravels() throws CommandException {
        CommandReply reply = new CommandReply("c-7", CommandReply.State.DONE, "", 21.5, EXPIRES);
        byte[] json = CommandJson.write(reply);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"state\":\"done\",\"detail\":\"\",\"value\":21.5,\"at\":\"2026-11-03T05:00:00Z\"}");
        assertThat(CommandJson.reply("c-7", json, Instant.EPOCH)).isEqualTo(reply);
        assertThat(CommandJson.reply("c-7", bytes("{\"state\":\"failed\"}"), EXPIRES))
                .isEqualTo(new CommandReply("c-7", CommandReply.State.FAILED, "", null, EXPIRES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"state\":\"perhaps\"}", "{\"state\":\"done\",\"value\":[1]}", "{\"state\":"})
    void whatIsNoReplyIsRefused(String text) {
        assertThatThrownBy(() -> CommandJson.reply("c-7", bytes(text), EXPIRES)).isInstanceOf(CommandException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":\"a b\",\"device\":\"d\",\"command\":\"x\",\"expires_at\":\"2026-11-03T05:00:00Z\"}",
                "{\"id\":\"c\",\"device\":\"d\",\"command\":\"x\",\"expires_at\":\"soon\"}",
                "{\"id\":\"c\",\"device\":\"d\",\"command\":\"x\",\"expires_at\":\"2026-11-03T05:00:00Z\","
                        + "\"lwm2m\":{\"operation\":\"write\",\"path\":\"/1/0/3\"}}",
                "{\"id\":\"c\",\"device\":\"d\",\"command\":\"x\",\"expires_at\":\"2026-11-03T05:00:00Z\","
                        + "\"lwm2m\":{\"operation\":\"explode\",\"path\":\"/1/0/3\"}}",
            })
    void whatIsNoCommandIsRefused(String text) {
        assertThatThrownBy(() -> CommandJson.command(bytes(text))).isInstanceOf(CommandException.class);
    }

    @Test
    void tooLongIsRefused() {
        assertThatThrownBy(() -> CommandJson.command(new byte[CommandJson.MAX_BYTES + 1]))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("16384");
    }
}
