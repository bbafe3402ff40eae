package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.Message;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.client.resource.LwM2mObjectEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do to a Leshan client at its own console while a gateway knows it, without encryption and over DTLS. */
class LeshanHabitsTest {
    private final LwM2mWorld world = new LwM2mWorld();
    private final BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
    private final Sensor temperature = new Sensor(0, Map.of(5700, 21.5, 5701, "cel"));

    @AfterEach
    void close() {
        world.close();
    }

    private TestDevice.Builder builder(boolean encrypted) {
        world.device("demo", "demo", encrypted ? new Credential[] {LwM2mWorld.psk("demo")} : new Credential[0])
                .start();
        return new TestDevice.Builder("demo", encrypted ? world.psk("demo-key", LwM2mWorld.KEY) : world.plain())
                .with(3303, temperature);
    }

    private CommandReply ask(String id, Operation operation, String path, Object value) throws InterruptedException {
        Command command = new Command(
                id,
                new DeviceId("demo"),
                "test",
                Map.of(),
                Optional.of(new Command.LwM2m(operation, path, value)),
                world.clock.instant().plus(Duration.ofHours(1)));
        world.gateway.commands().send(command, replies::add);
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        return reply;
    }

    @Test
    void itsKeySaysWhoItIsWhereItsRegistrationDoesNot() throws Exception {
        world.observe("demo", seen("/3303/0/5700"));
        world.add(builder(true).nameless()).registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
    }

    @Test
    void whoSaysNoNameAndHasNoKeyIsRefused() throws Exception {
        TestDevice device = world.add(builder(false).nameless());
        assertThat(device.next()).startsWith("refused FORBIDDEN");
    }

    /** An update, for which it shakes hands anew, finds its registration, and what was observed still is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itUpdatesAndReboots(boolean encrypted) throws Exception {
        world.observe("demo", seen("/3303/0/5700"));
        TestDevice device = world.add(builder(encrypted).reconnecting()).registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
        device.update();
        assertThat(device.next()).isEqualTo("updated");
        assertThat(ask("c-1", Operation.READ, "/3303/0/5700", null).value()).isEqualTo(21.5);
        device.reboot();
        device.registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anObjectThatIsSwitchedOnIsObservedAndOneThatIsSwitchedOffIsNot(boolean encrypted) throws Exception {
        world.observe("demo", seen("/3303/0/5700"), seen("/3304/0/5700"));
        TestDevice device = world.add(builder(encrypted)).registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
        Sensor humidity = new Sensor(0, Map.of(5700, 55.0, 5701, "%"));
        device.objects().addObjectEnabler(object(3304, humidity));
        assertThat(device.next()).isEqualTo("updated");
        LwM2mWorld.until(
                "it is observed", () -> !world.store.isEmpty() && readings().contains("soil_moisture=55.0"));
        device.objects().removeObjectEnabler(3304);
        assertThat(device.next()).isEqualTo("updated");
        temperature.set(5700, 22.5);
        LwM2mWorld.until(
                "the other one still is",
                () -> !world.store.isEmpty() && readings().contains("air_temperature=22.5"));
    }

    private String readings() {
        try {
            return LwM2mWorld.readings(world.store.next()).toString();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LwM2mObjectEnabler object(int id, Sensor instance) {
        ObjectsInitializer objects = new ObjectsInitializer(new StaticModel(ObjectModels.standard()));
        objects.setFactoryForObject(id, Sensor.FACTORY);
        objects.setInstancesForObject(id, instance);
        return objects.create(id);
    }

    /** Values that it has collected come with the times at which they were so. */
    @ParameterizedTest
    @CsvSource({"false, SENML_JSON", "false, SENML_CBOR", "true, SENML_JSON", "true, SENML_CBOR"})
    void whatItHasCollectedComesWithItsTimes(boolean encrypted, String format) throws Exception {
        TestDevice device = world.add(builder(encrypted)).registered();
        device.collect("/3303/0/5700");
        temperature.set(5700, 23.5);
        device.collect("/3303/0/5700");
        device.sendCollected(ContentFormat.fromName(format));
        Message sent = world.store.next();
        assertThat(LwM2mWorld.readings(sent)).containsExactly("air_temperature=21.5", "air_temperature=23.5");
        assertThat(LwM2mWorld.times(sent))
                .hasSize(2)
                .allMatch(time ->
                        Duration.between(time, world.clock.instant()).abs().compareTo(Duration.ofMinutes(1)) < 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLifetimeThatIsWrittenIsTheOneOfItsNextUpdate(boolean encrypted) throws Exception {
        TestDevice device = world.add(builder(encrypted)).registered();
        assertThat(ask("c-1", Operation.WRITE, "/1/0/1", 120).state()).isEqualTo(State.DONE);
        assertThat(device.next()).isEqualTo("updated");
        assertThat(ask("c-2", Operation.EXECUTE, "/1/0/8", null).state()).isEqualTo(State.DONE);
        assertThat(device.next()).isEqualTo("updated");
    }
}
