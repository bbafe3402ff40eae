package city.canopy.core.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.commands.CommandReplies.Outcome;
import city.canopy.core.commands.CommandSpec.Parameter;
import city.canopy.core.commands.CommandSpec.Title;
import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command waits until it is taken, answered, or over. */
class CommandsTest {
    private static final Instant START = Instant.parse("2026-11-03T05:00:00Z");
    private static final DeviceId VALVE = new DeviceId("valve-1");
    private static final DeviceId PROBE = new DeviceId("probe-1");
    private static final DeviceId GATEWAY = new DeviceId("gw-1");
    private static final Title TITLE = new Title("Mở van", "Open the valve");

    private final Database database = TestDatabase.fresh();
    private final SteeredClock clock = new SteeredClock();
    private final List<String> published = new ArrayList<>();
    private boolean somebodyListens;
    private int announced;
    private final Commands commands = new Commands(
            database,
            () -> new DeviceRegistry(List.of(device(VALVE, "valve", GATEWAY), device(PROBE, "probe", null))),
            profile -> profile.equals("valve") ? List.of(openValve(), reboot()) : List.of(),
            (device, command, taken) -> {
                published.add(device.gateway() + " " + device.id());
                if (somebodyListens) {
                    taken.run();
                }
            },
            () -> announced++,
            clock);

    private static final class SteeredClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static Device device(DeviceId id, String profile, DeviceId gateway) {
        return new Device(id, profile, List.of(new Device.Since(START, new Binding.Unplaced())), gateway, START);
    }

    private static CommandSpec openValve() {
        return new CommandSpec(
                "open_valve",
                TITLE,
                List.of(
                        new Parameter("minutes", TITLE, Optional.of(1.0), Optional.of(120.0), Optional.of(20)),
                        new Parameter("why", TITLE, Optional.empty(), Optional.empty(), Optional.of("dry"))),
                Operation.WRITE,
                "/3306/0/5850",
                "$minutes",
                Optional.empty(),
                false);
    }

    private static CommandSpec reboot() {
        return new CommandSpec("reboot", TITLE, List.of(), Operation.EXECUTE, "/3/0/4", null, Optional.empty(), true);
    }

    @BeforeEach
    void enrol() {
        execute(
                "insert into device (id, profile, gateway) values ('valve-1', 'valve', 'gw-1'), ('probe-1', 'probe', null),"
                        + " ('gw-1', 'edge-gateway', null)");
    }

    @AfterEach
    void close() {
        commands.close();
        database.close();
    }

    private void execute(String sql) {
        database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                return s.execute(sql);
            }
        });
    }

    private static CommandWish named(String name, Map<String, Object> parameters) {
        return new CommandWish.Named(name, parameters, Duration.ofHours(1));
    }

    private IssuedCommand give(DeviceId device, String name) {
        return commands.give(device, named(name, Map.of()), "user:an");
    }

    private Outcome reply(IssuedCommand command, CommandReply.State state, Object value) {
        return database.inTransaction(c -> CommandReplies.take(
                c,
                command.command().device(),
                new CommandReply(command.command().id(), state, "so it is", value, START),
                clock.instant()));
    }

    private CommandState stateOf(IssuedCommand command) {
        return commands.get(command.command().device(), command.command().id()).state();
    }

    private long events() {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    var r = s.executeQuery("select count(*) from outbox where kind = 'command.changed'")) {
                r.next();
                return r.getLong(1);
            }
        });
    }

    @Test
    void theProfileSaysWhatItMeansInLwM2m() {
        IssuedCommand given = commands.give(VALVE, named("open_valve", Map.of("minutes", 45)), "user:an");
        assertThat(given.command().lwm2m()).contains(new LwM2m(Operation.WRITE, "/3306/0/5850", 45L));
        assertThat(given.command().parameters()).isEqualTo(Map.of("minutes", 45, "why", "dry"));
        assertThat(give(VALVE, "open_valve").command().lwm2m())
                .contains(new LwM2m(Operation.WRITE, "/3306/0/5850", 20L));
        assertThat(give(VALVE, "reboot").command().lwm2m()).contains(new LwM2m(Operation.EXECUTE, "/3/0/4", null));
        assertThat(published).containsOnly("gw-1 valve-1");
        assertThat(events()).isEqualTo(3);
        assertThat(announced).isEqualTo(3);
    }

    @Test
    void whatTheProfileDoesNotKnowIsRefused() {
        refused("unknown_command", "close_valve", Map.of());
        refused("unknown_parameter", "open_valve", Map.of("hours", 1));
        refused("bad_parameter", "open_valve", Map.of("minutes", 121));
        refused("bad_parameter", "open_valve", Map.of("minutes", "long"));
        assertThat(commands.list(VALVE, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(published).isEmpty();
    }

    private void refused(String code, String name, Map<String, Object> parameters) {
        assertThatThrownBy(() -> commands.give(VALVE, named(name, parameters), "user:an"))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aProfileWithoutCommandsPassesAnyNameThrough() {
        IssuedCommand given = commands.give(PROBE, named("blink", Map.of("times", 3L)), "user:an");
        assertThat(given.command().lwm2m()).isEmpty();
        assertThat(given.command().parameters()).isEqualTo(Map.of("times", 3));
        assertThat(published).containsExactly("null probe-1");
        assertThatThrownBy(() -> named("Blink!", Map.of())).isInstanceOf(CommandException.class);
        assertThatThrownBy(() -> new CommandWish.Named("blink", Map.of(), Duration.ofDays(8)))
                .isInstanceOf(CommandException.class);
        assertThatThrownBy(() -> new CommandWish.Raw(new LwM2m(Operation.EXECUTE, "/3", null), Duration.ofHours(1)))
                .isInstanceOf(CommandException.class);
    }

    @Test
    void thirtyTwoMayBeOpenAndNoMore() {
        IssuedCommand first = give(PROBE, "blink");
        for (int i = 1; i < Commands.MAX_OPEN; i++) {
            give(PROBE, "blink");
        }
        assertThatThrownBy(() -> give(PROBE, "blink"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("32 open commands");
        reply(first, CommandReply.State.DONE, null);
        assertThat(give(PROBE, "blink").state()).isEqualTo(CommandState.QUEUED);
    }

    @Test
    void whoSubscribesIsToldWhatWaitsAndItCannotBeTakenBackThen() {
        IssuedCommand first = give(VALVE, "reboot");
        IssuedCommand second = give(VALVE, "open_valve");
        assertThat(commands.cancel(VALVE, first.command().id()).state()).isEqualTo(CommandState.CANCELLED);

        assertThat(commands.openBehind(GATEWAY))
                .extracting(issued -> issued.command().id())
                .containsExactly(second.command().id());
        assertThat(commands.openOf(VALVE)).hasSize(1);
        assertThat(commands.openBehind(new DeviceId("gw-2"))).isEmpty();
        assertThat(stateOf(second)).isEqualTo(CommandState.SENT);
        assertThatThrownBy(() -> commands.cancel(VALVE, second.command().id()))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo("already_sent"));
        assertThatThrownBy(() -> commands.cancel(VALVE, first.command().id()))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo("already_over"));
        reply(second, CommandReply.State.WAITING, null);
        assertThat(commands.openBehind(GATEWAY)).hasSize(1);
        reply(second, CommandReply.State.DONE, null);
        assertThat(commands.openBehind(GATEWAY)).isEmpty();
    }

    @Test
    void whatNobodyTookIsOfferedAgain() {
        give(PROBE, "blink");
        commands.run();
        assertThat(published).hasSize(2);
        somebodyListens = true;
        IssuedCommand taken = give(PROBE, "blink");
        commands.close();
        assertThat(stateOf(taken)).isEqualTo(CommandState.SENT);
    }

    @Test
    void theLastReplyCountsAndAFinalOneEndsIt() {
        IssuedCommand given = give(VALVE, "open_valve");
        assertThat(reply(given, CommandReply.State.WAITING, null)).isEqualTo(Outcome.TAKEN);
        assertThat(stateOf(given)).isEqualTo(CommandState.WAITING);
        assertThat(reply(given, CommandReply.State.DONE, 21.5)).isEqualTo(Outcome.TAKEN);
        assertThat(reply(given, CommandReply.State.DONE, 21.5)).isEqualTo(Outcome.REPEATED);
        assertThat(reply(given, CommandReply.State.FAILED, null)).isEqualTo(Outcome.TOO_LATE);
        IssuedCommand ended = commands.get(VALVE, given.command().id());
        assertThat(ended.state()).isEqualTo(CommandState.DONE);
        assertThat(ended.value()).contains("21.5");
        assertThat(ended.detail()).isEqualTo("so it is");
        assertThat(ended.times().repliedAt()).contains(START);
        Outcome foreign = database.inTransaction(c -> CommandReplies.take(
                c, PROBE, new CommandReply(given.command().id(), CommandReply.State.DONE, "", null, START), START));
        assertThat(foreign).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatIsNotDoneInTimeExpires() {
        IssuedCommand given = give(VALVE, "reboot");
        clock.now = START.plus(Duration.ofMinutes(59));
        commands.run();
        assertThat(stateOf(given)).isEqualTo(CommandState.QUEUED);
        clock.now = START.plus(Duration.ofHours(1));
        assertThat(commands.openBehind(GATEWAY)).isEmpty();
        commands.run();
        assertThat(stateOf(given)).isEqualTo(CommandState.EXPIRED);
        assertThat(reply(given, CommandReply.State.DONE, null)).isEqualTo(Outcome.TOO_LATE);
        assertThat(stateOf(given)).isEqualTo(CommandState.EXPIRED);

        clock.now = START.plus(Commands.KEPT).plus(Duration.ofDays(1));
        commands.run();
        assertThat(commands.find(VALVE, given.command().id())).isEmpty();
    }
}
