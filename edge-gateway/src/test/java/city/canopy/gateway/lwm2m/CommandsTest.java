package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.DeviceState.Presence;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people ask of a device is done, once, and in time or not at all. */
class CommandsTest {
    private final LwM2mWorld world = new LwM2mWorld().device("valve", "valve");
    private final BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
    private final Sensor valve = new Sensor(0, Map.of(5850, false, 5852, 0L, 5853, "idle"));
    private final Sensor device = TestDevice.Builder.device();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aValveOpens() throws Exception {
        world.start();
        world.add(valve()).registered();
        ask("c-1", Operation.WRITE, "/3306/0/5850", true);
        assertThat(next().state()).isEqualTo(State.DONE);
        assertThat(valve.get(5850)).isEqualTo(true);
        assertThat(world.count("commands", "outcome", "done")).isEqualTo(1);
    }

    @Test
    void aResourceIsReadAndAnotherExecuted() throws Exception {
        world.start();
        world.add(valve()).registered();
        ask("c-1", Operation.READ, "/3/0/9", null);
        assertThat(next().value()).isEqualTo(88L);
        ask("c-2", Operation.READ, "/3306/0/5853", null);
        assertThat(next().value()).isEqualTo("idle");
        ask("c-3", Operation.EXECUTE, "/3/0/4", null);
        assertThat(next().state()).isEqualTo(State.DONE);
        assertThat(device.executions()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "/3306/0/5852, 90, 90",
        "/3306/0/5852, 90.0, 90",
        "/3306/0/5853, open, open",
    })
    void aValueIsWrittenInTheTypeOfItsResource(String path, String value, String written) throws Exception {
        world.start();
        world.add(valve()).registered();
        ask("c-1", Operation.WRITE, path, value);
        assertThat(next().state()).isEqualTo(State.DONE);
        assertThat(valve.get(Integer.parseInt(path.substring(8)))).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                WRITE   | /3306/0/5850 | perhaps | takes boolean
                WRITE   | /3306/0/5852 | 1.5     | takes integer
                WRITE   | /3306/0      | 1       | only a resource can be written
                WRITE   | valve        | 1       | is no path
                EXECUTE | /3/0         |         | only a resource can be executed
                WRITE   | /3306/9/5850 | true    | 404
                """)
    void whatCannotBeDoneFailsWithTheReason(Operation operation, String path, String value, String why)
            throws Exception {
        world.start();
        world.add(valve()).registered();
        ask("c-1", operation, path, value);
        CommandReply reply = next();
        assertThat(reply.state()).isEqualTo(State.FAILED);
        assertThat(reply.detail()).contains(why);
    }

    @Test
    void aCommandThatWasDoneIsNotDoneAgain() throws Exception {
        world.start();
        world.add(valve()).registered();
        ask("c-1", Operation.EXECUTE, "/3/0/4", null);
        assertThat(next().state()).isEqualTo(State.DONE);
        ask("c-1", Operation.EXECUTE, "/3/0/4", null);
        assertThat(next().state()).isEqualTo(State.DONE);
        world.kill();
        world.start();
        ask("c-1", Operation.EXECUTE, "/3/0/4", null);
        assertThat(next().state()).isEqualTo(State.DONE);
        assertThat(device.executions()).isEqualTo(1);
    }

    @Test
    void aCommandWaitsForADeviceThatIsNotThereAlsoOverAPowerCut() throws Exception {
        world.start();
        ask("c-1", Operation.WRITE, "/3306/0/5850", true);
        assertThat(next().state()).isEqualTo(State.WAITING);
        world.kill();
        world.start();
        world.add(valve()).registered();
        CommandReply reply = world.resumed.poll(20, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        assertThat(reply.command()).isEqualTo("c-1");
        assertThat(reply.state()).isEqualTo(State.DONE);
        assertThat(valve.get(5850)).isEqualTo(true);
        assertThat(world.store.list("lwm2m.commands")).isEmpty();
    }

    @Test
    void aSleepyDeviceGetsItsCommandsInTheirOrderWhenItWakes() throws Exception {
        world.start();
        TestDevice sleepy = world.add(valve().sleepy()).registered();
        LwM2mWorld.until("it was heard", () -> presence() == Presence.AWAKE);
        LwM2mWorld.until("it is asleep", () -> presence() == Presence.ASLEEP);
        ask("c-1", Operation.WRITE, "/3306/0/5853", "first");
        CommandReply waits = next();
        assertThat(waits.state()).isEqualTo(State.WAITING);
        assertThat(waits.detail()).isEqualTo("the device is asleep");
        ask("c-2", Operation.READ, "/3306/0/5853", null);
        assertThat(sleepy.send(ContentFormat.SENML_CBOR, "/3/0/9").get().isSuccess())
                .isTrue();
        assertThat(next().state()).isEqualTo(State.DONE);
        assertThat(next().value()).isEqualTo("first");
        assertThat(presence()).isEqualTo(Presence.AWAKE);
    }

    @Test
    void aCommandThatNobodyDoesInTimeExpires() throws Exception {
        world.start();
        ask("c-1", Operation.WRITE, "/3306/0/5850", true);
        assertThat(next().state()).isEqualTo(State.WAITING);
        world.clock.forward(Duration.ofHours(2));
        world.gateway.tickNow();
        assertThat(next().state()).isEqualTo(State.EXPIRED);
        world.add(valve()).registered();
        ask("c-2", Operation.READ, "/3306/0/5850", null);
        assertThat(next().value()).isEqualTo(false);
    }

    @Test
    void soManyWaitAndNoMore() throws Exception {
        world.start();
        for (int i = 0; i < LwM2mCommands.MAX_WAITING; i++) {
            ask("c-" + i, Operation.WRITE, "/3306/0/5852", i);
        }
        assertThat(next().state()).isEqualTo(State.WAITING);
        ask("c-more", Operation.WRITE, "/3306/0/5852", 0);
        assertThat(next().state()).isEqualTo(State.FAILED);
    }

    @Test
    void aDeviceOfAnotherGatewayIsNotReached() {
        world.start();
        assertThat(world.gateway.commands().reaches(command("c-1", "stranger", Operation.READ, "/3/0/9", null)))
                .isFalse();
    }

    private Presence presence() {
        return world.gateway.find(new DeviceId("valve")).orElseThrow().presence();
    }

    private TestDevice.Builder valve() {
        return new TestDevice.Builder("valve", world.plain()).with(3, device).with(3306, valve);
    }

    private void ask(String id, Operation operation, String path, Object value) {
        world.gateway.commands().send(command(id, "valve", operation, path, value), replies::add);
    }

    private Command command(String id, String device, Operation operation, String path, Object value) {
        return new Command(
                id,
                new DeviceId(device),
                "test",
                Map.of(),
                Optional.of(new Command.LwM2m(operation, path, value)),
                world.clock.instant().plus(Duration.ofHours(1)));
    }

    private CommandReply next() throws InterruptedException {
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).as("a reply").isNotNull();
        return reply;
    }
}
