package city.canopy.gateway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A valve that was opened for a while is closed, whatever happens meanwhile; what may not be done twice is not. */
class LaterWritesTest {
    private static final Duration A_WHILE = Duration.ofMinutes(20);

    private final LwM2mWorld world = new LwM2mWorld().device("valve", "valve");
    private final BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
    private final Sensor valve = new Sensor(0, Map.of(5850, false, 5852, 0L));

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aValveThatWasOpenedForAWhileIsClosed() throws Exception {
        world.start();
        world.add(valve()).registered();
        open("c-1", A_WHILE);
        world.clock.forward(A_WHILE.minusMinutes(1));
        world.gateway.tickNow();
        read("c-2", true);
        assertThat(waiting()).isEqualTo(1);
        world.clock.forward(Duration.ofMinutes(2));
        world.gateway.tickNow();
        LwM2mWorld.until("it is closed", this::isClosed);
        LwM2mWorld.until("it is counted", () -> world.count("later", "outcome", "done") == 1);
        assertThat(world.store.list("lwm2m.later")).isEmpty();
        assertThat(waiting()).isZero();
        assertThat(told()).isEqualTo("c-1 THEN_DONE");
    }

    /** The service is told when it closes, that it does not yet, once for each reason, and that nobody can close it. */
    @Test
    void whatBecomesOfItIsTold() throws Exception {
        world.start();
        try (PlainDevice device = plain()) {
            send(write("c-1", A_WHILE, false));
            assertThat(next().state()).isEqualTo(State.DONE);
            device.refusesWrites = ResponseCode.INTERNAL_SERVER_ERROR;
            world.clock.forward(A_WHILE.plusMinutes(1));
            world.gateway.tickNow();
            assertThat(told()).isEqualTo("c-1 THEN_WAITING the device answers INTERNAL_SERVER_ERROR(500)");
            world.clock.forward(Duration.ofMinutes(1));
            world.gateway.tickNow();
            LwM2mWorld.until("it is tried again", () -> world.count("later", "outcome", "refused") == 2);
            device.refusesWrites = ResponseCode.NOT_FOUND;
            world.clock.forward(Duration.ofMinutes(1));
            world.gateway.tickNow();
            assertThat(told()).isEqualTo("c-1 THEN_FAILED the device answers NOT_FOUND(404)");
            assertThat(waiting()).isZero();
        }
    }

    /** The next of what is told of what follows commands. */
    private String told() throws InterruptedException {
        CommandReply reply = world.resumed.poll(20, TimeUnit.SECONDS);
        assertThat(reply).as("something is told").isNotNull();
        return (reply.command() + " " + reply.state() + " " + reply.detail()).strip();
    }

    @Test
    void aGatewayThatWasKilledMeanwhileClosesIt() throws Exception {
        world.start();
        world.add(valve()).registered();
        open("c-1", A_WHILE);
        world.kill();
        world.clock.forward(A_WHILE.plusMinutes(1));
        assertThat(valve.get(5850)).isEqualTo(true);
        world.start();
        LwM2mWorld.until("it is closed", this::isClosed);
    }

    @Test
    void aGatewayThatWasKilledBeforeTheAnswerClosesWhatMayBeOpen() throws Exception {
        world.start();
        try (PlainDevice device = plain()) {
            device.silentAbout.add(Code.PUT);
            send(write("c-1", A_WHILE, false));
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).isEqualTo("PUT /3306/0/5850");
            world.kill();
            device.silentAbout.remove(Code.PUT);
            assertThat(replies).isEmpty();
            world.clock.forward(Duration.ofHours(2));
            world.start();
            LwM2mWorld.until(
                    "it is closed",
                    () -> HexFormat.of().formatHex(device.written).equals("e116da00"));
            assertThat(List.of(told(), told()))
                    .containsExactlyInAnyOrder("c-1 EXPIRED the device was not heard in time", "c-1 THEN_DONE");
        }
    }

    @Test
    void theLastCommandCounts() throws Exception {
        world.start();
        world.add(valve()).registered();
        open("c-1", A_WHILE);
        open("c-2", A_WHILE.multipliedBy(3));
        assertThat(told()).isEqualTo("c-1 THEN_REPLACED");
        world.clock.forward(A_WHILE.plusMinutes(1));
        world.gateway.tickNow();
        read("c-3", true);
        world.clock.forward(A_WHILE.multipliedBy(2));
        world.gateway.tickNow();
        LwM2mWorld.until("it is closed", this::isClosed);
        assertThat(told()).isEqualTo("c-2 THEN_DONE");
    }

    @ParameterizedTest
    @ValueSource(longs = {-3, 3})
    void aClockThatIsSetAnewKeepsNoValveOpen(long days) throws Exception {
        world.start();
        world.add(valve()).registered();
        open("c-1", A_WHILE);
        world.clock.forward(Duration.ofDays(days));
        world.gateway.tickNow();
        LwM2mWorld.until("it is closed", this::isClosed);
    }

    @Test
    void aValveThatIsAwayIsClosedBeforeAllElseWhenItComesBack() throws Exception {
        world.start();
        TestDevice away = world.add(valve()).registered();
        open("c-1", A_WHILE);
        away.leave();
        LwM2mWorld.until(
                "it is gone",
                () -> world.gateway
                        .find(new DeviceId("valve"))
                        .filter(state -> state.presence() == DeviceState.Presence.GONE)
                        .isPresent());
        world.clock.forward(Duration.ofDays(30));
        world.gateway.tickNow();
        world.gateway.tickNow();
        assertThat(told()).isEqualTo("c-1 THEN_WAITING the device is not registered");
        send(command("c-2", new Command.LwM2m(Operation.READ, "/3306/0/5850", null)));
        assertThat(next().state()).isEqualTo(State.WAITING);
        world.add(valve()).registered();
        assertThat(next().value()).isEqualTo(false);
        assertThat(valve.get(5850)).isEqualTo(false);
        assertThat(told()).isEqualTo("c-1 THEN_DONE");
    }

    @Test
    void whatFollowsMustBeSomethingThatCanBeWritten() throws Exception {
        world.start();
        world.add(valve()).registered();
        Command.LwM2m first = new Command.LwM2m(
                Operation.WRITE, "/3306/0/5850", true, Optional.of(new Then("perhaps", A_WHILE)), false);
        send(command("c-1", first));
        assertThat(next().state()).isEqualTo(State.FAILED);
        assertThat(valve.get(5850)).isEqualTo(false);
        assertThat(waiting()).isZero();
    }

    @Test
    void whatIsDoneAtMostOnceIsNotTriedAgainWithoutAnAnswer() throws Exception {
        world.waitsFor(Duration.ofSeconds(1)).start();
        try (PlainDevice device = plain()) {
            device.silentAbout.add(Code.POST);
            send(command("c-1", new Command.LwM2m(Operation.EXECUTE, "/3/0/4", null)));
            CommandReply reply = next();
            assertThat(reply.state()).isEqualTo(State.FAILED);
            assertThat(reply.detail()).startsWith("unknown: it was sent and not answered");
            assertThat(world.store.list("lwm2m.commands")).isEmpty();
            assertThat(world.store.list("lwm2m.commands.asked")).isEmpty();
            send(write("c-2", A_WHILE, false));
            assertThat(next().state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void whatIsDoneAtMostOnceIsNotTriedAgainByAGatewayThatWasKilled() throws Exception {
        world.start();
        try (PlainDevice device = plain()) {
            device.silentAbout.add(Code.POST);
            send(command("c-1", new Command.LwM2m(Operation.EXECUTE, "/5/0/2", null)));
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).isEqualTo("POST /5/0/2");
            world.kill();
            device.asked.clear();
            device.silentAbout.remove(Code.POST);
            world.start();
            assertThat(world.resumed.poll(10, TimeUnit.SECONDS).detail()).startsWith("unknown");
            assertThat(replies).isEmpty();
            send(command("c-2", new Command.LwM2m(Operation.EXECUTE, "/3/0/4", null)));
            assertThat(next().state()).isEqualTo(State.DONE);
            assertThat(device.asked).containsExactly("POST /3/0/4");
        }
    }

    @Test
    void whatMayBeDoneTwiceIsTriedAgain() throws Exception {
        world.waitsFor(Duration.ofSeconds(1)).start();
        try (PlainDevice device = plain()) {
            device.silentAbout.add(Code.PUT);
            send(write("c-1", A_WHILE, false));
            assertThat(next().state()).isEqualTo(State.WAITING);
            device.silentAbout.remove(Code.PUT);
            assertThat(device.ask(device.request(
                                    Code.POST,
                                    List.of("dp"),
                                    List.of(),
                                    ContentFormat.SENML_JSON_CODE,
                                    "[{\"n\":\"/3/0/9\",\"v\":88}]".getBytes(UTF_8)))
                            .getCode())
                    .isEqualTo(ResponseCode.CHANGED);
            assertThat(next().state()).isEqualTo(State.DONE);
        }
    }

    private PlainDevice plain() throws Exception {
        PlainDevice device = new PlainDevice(world.coap());
        assertThat(device.ask(device.request(
                                Code.POST,
                                List.of("rd"),
                                List.of("ep=valve", "b=U"),
                                ContentFormat.LINK_CODE,
                                "</3/0>,</5/0>,</3306/0>".getBytes(UTF_8)))
                        .getCode())
                .isEqualTo(ResponseCode.CREATED);
        return device;
    }

    private TestDevice.Builder valve() {
        return new TestDevice.Builder("valve", world.plain())
                .with(3, TestDevice.Builder.device())
                .with(3306, valve);
    }

    private boolean isClosed() {
        return valve.get(5850).equals(false);
    }

    private double waiting() {
        return world.meters.get("canopy.gateway.lwm2m.later.waiting").gauge().value();
    }

    private void open(String id, Duration time) throws InterruptedException {
        send(write(id, time, false));
        CommandReply reply = next();
        assertThat(reply.state()).isEqualTo(State.DONE);
        assertThat(reply.detail()).startsWith("false again at ");
        assertThat(valve.get(5850)).isEqualTo(true);
    }

    /** Asked after all that was to be done before it. */
    private void read(String id, boolean isOpen) throws InterruptedException {
        send(command(id, new Command.LwM2m(Operation.READ, "/3306/0/5850", null)));
        assertThat(next().value()).isEqualTo(isOpen);
    }

    private Command write(String id, Duration time, boolean once) {
        return command(
                id, new Command.LwM2m(Operation.WRITE, "/3306/0/5850", true, Optional.of(new Then(false, time)), once));
    }

    private Command command(String id, Command.LwM2m what) {
        return new Command(
                id,
                new DeviceId("valve"),
                "test",
                Map.of(),
                Optional.of(what),
                world.clock.instant().plus(Duration.ofHours(1)));
    }

    private void send(Command command) {
        world.gateway.commands().send(command, replies::add);
    }

    private CommandReply next() throws InterruptedException {
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).as("a reply").isNotNull();
        return reply;
    }
}
