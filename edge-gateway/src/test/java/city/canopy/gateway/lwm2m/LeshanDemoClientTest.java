package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.Message;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.client.object.LwM2mTestObject;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client with the objects of Leshan's demo client: device, location, temperature, and OMA's test object 3442 with a
 * resource of every type, which Canopy's table of objects does not have.
 */
class LeshanDemoClientTest {
    private final LwM2mWorld world = new LwM2mWorld().device("demo", "demo");
    private final BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
    private final Sensor temperature = new Sensor(0, Map.of(5700, 21.5, 5701, "cel", 5601, 20.0, 5602, 22.0));
    private final Sensor location = new Sensor(0, Map.of(0, 10.77, 1, 106.7, 5, new Date(0)));
    private TestDevice device;
    private int asked;

    @BeforeEach
    void open() {
        world.observe("demo", seen("/3303/0/5700"), seen("/6/0"), seen("/3442/0/130"), seen("/3442/0/120"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void start(boolean sleepy) throws Exception {
        world.start();
        List<ObjectModel> tested = ObjectLoader.loadDdfResources("/models/", new String[] {"3442.xml"});
        TestDevice.Builder builder = new TestDevice.Builder("demo", world.plain())
                .with(6, location)
                .with(3303, temperature)
                .with(3306, new Sensor(0, Map.of(5850, false)))
                .with(tested, new LwM2mTestObject());
        device = world.add(sleepy ? builder.sleepy() : builder).registered();
    }

    private CommandReply ask(Operation operation, String path, Object value) throws InterruptedException {
        return ask(new Command.LwM2m(operation, path, value));
    }

    private CommandReply ask(Command.LwM2m what) throws InterruptedException {
        world.gateway
                .commands()
                .send(
                        new Command(
                                "c-" + ++asked,
                                new DeviceId("demo"),
                                "test",
                                Map.of(),
                                Optional.of(what),
                                world.clock.instant().plus(Duration.ofHours(1))),
                        replies::add);
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).as(what.path()).isNotNull();
        return reply;
    }

    /** What is observed, in one answer and single ones, and then what changes. */
    @Test
    void itIsObservedWithItsTestObject() throws Exception {
        start(false);
        List<String> paths = new ArrayList<>();
        // One composite answer, and one of the location.
        for (int i = 0; i < 2; i++) {
            Message message = world.store.next();
            paths.add(new String(message.payload(), StandardCharsets.ISO_8859_1));
        }
        assertThat(String.join(" ", paths)).contains("3442", "3303");
        temperature.set(5700, 22.5);
        assertThat(LwM2mWorld.readings(world.store.next()).toString()).contains("air_temperature=22.5");
        assertThat(world.gateway.refusing()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void itsSendOfAllTypesIsKept(boolean sleepy) throws Exception {
        start(sleepy);
        for (ContentFormat format : List.of(ContentFormat.SENML_CBOR, ContentFormat.SENML_JSON)) {
            assertThat(device.send(format, "/3303/0/5700", "/3442/0").get().isSuccess())
                    .isTrue();
        }
        Message sent = world.store.next();
        while (!sent.contentType().equals("application/senml+json")) {
            sent = world.store.next();
        }
        assertThat(LwM2mWorld.readings(sent).toString()).contains("air_temperature=21.5");
    }

    @ParameterizedTest
    @CsvSource({
        "110, text, text",
        "120, -7, -7",
        "125, 7, 7",
        "130, 1.5, 1.5",
        "140, true, true",
        "160, 1700000000, 1700000000",
        "170, 66:1, 66:1",
        "180, </3>, </3>",
    })
    void itsResourcesAreWrittenAndReadBack(int resource, String text, String read) throws Exception {
        start(false);
        String path = "/3442/0/" + resource;
        assertThat(ask(Operation.WRITE, path, value(resource, text)).state()).isEqualTo(State.DONE);
        CommandReply reply = ask(Operation.READ, path, null);
        assertThat(reply.state()).isEqualTo(State.DONE);
        assertThat(String.valueOf(reply.value())).isEqualTo(read);
    }

    private static Object value(int resource, String text) {
        return switch (resource) {
            case 120, 125, 160 -> Long.valueOf(text);
            case 130 -> Double.valueOf(text);
            case 140 -> Boolean.valueOf(text);
            default -> text;
        };
    }

    /** Each type alone and as a list; a number beyond a long is a text, bytes are hexadecimal, a time is what is said. */
    @ParameterizedTest
    @CsvSource({
        "10, initial value",
        "20, 1024",
        "25, 9223372036854775808",
        "30, 3.14159",
        "40, true",
        "50, 0123456789abcdef",
        "60, 946684800",
        "70, 3:0",
        "80, </3442>",
    })
    void eachOfItsTypesIsRead(int type, String value) throws Exception {
        start(false);
        assertThat(String.valueOf(ask(Operation.READ, "/3442/0/1" + type, null).value()))
                .isEqualTo(value);
        assertThat(ask(Operation.READ, "/3442/0/11" + type, null).value().toString())
                .startsWith("{\"0\":")
                .contains(value);
    }

    @Test
    void itsStepsAreDone() throws Exception {
        start(false);
        assertThat(ask(Operation.WRITE, "/3442/0/120", 5L).state()).isEqualTo(State.DONE);
        assertThat(ask(Operation.EXECUTE, "/3442/0/0", null).state()).isEqualTo(State.DONE);
        assertThat(String.valueOf(ask(Operation.READ, "/3442/0/120", null).value()))
                .isEqualTo(LwM2mTestObject.INITIAL_INTEGER_VALUE.toString());
        assertThat(ask(Operation.EXECUTE, "/3442/0/1", null).state()).isEqualTo(State.DONE);
        assertThat(ask(Operation.EXECUTE, "/3442/0/2", null).state()).isEqualTo(State.DONE);
        assertThat(ask(Operation.EXECUTE, "/3442/0/3", "0='a',1").state()).isEqualTo(State.DONE);
        assertThat(ask(Operation.READ, "/3442/0/4", null).value().toString()).contains("a");
    }

    /** Lists and bytes of an object that no table knows: in the type that is named, or the values' own. */
    @Test
    void listsAndBytesAreWrittenAndReadBack() throws Exception {
        start(false);
        for (String[] row : rows("""
                /3442/0/150    | opaque   | AP8QAA==                  | 00ff1000
                /3442/0/125    | unsigned | 18446744073709551615      | 18446744073709551615
                /3442/0/130    | float    | 2                         | 2.0
                /3442/0/160    | time     | 2026-11-03T05:00:00Z      | 1793682000
                /3442/0/170    | objlnk   | 3303:1                    | 3303:1
                /3442/0/1110   |          | {"0":"a","7":"b"}         | {"0":"a","7":"b"}
                /3442/0/1120   |          | {"0":-3,"65535":4}        | {"0":-3,"65535":4}
                /3442/0/1125   | unsigned | {"1":5}                   | {"1":5}
                /3442/0/1130   |          | {"0":1,"1":2.5}           | {"0":1.0,"1":2.5}
                /3442/0/1140   |          | {"0":true,"1":false}      | {"0":true,"1":false}
                /3442/0/1150   | opaque   | {"0":"AP8=","1":""}       | {"0":"00ff","1":""}
                /3442/0/1160   | time     | {"3":1700000000}          | {"3":1700000000}
                /3442/0/1170   | objlnk   | {"0":"3:0","1":"65535:65535"} | {"0":"3:0","1":"65535:65535"}
                """)) {
            CommandReply reply = write(row[0], row[1], row[2]);
            assertThat(reply.detail()).isEmpty();
            assertThat(reply.state()).isEqualTo(State.DONE);
            assertThat(String.valueOf(ask(Operation.READ, row[0], null).value()))
                    .isEqualTo(row[3]);
        }
        assertThat(write("/3442/0/1120", "", "{}").state()).isEqualTo(State.DONE);
    }

    @Test
    void whatCannotBeWrittenIsRefusedWithARemedy() throws Exception {
        start(false);
        for (String[] row : rows("""
                /3442/0/150    | opaque   | 00f!                  | takes opaque (bytes in base64), not
                /3442/0/170    | objlnk   | 3303                  | takes objlnk (OBJECT:INSTANCE), not
                /3442/0/125    | unsigned | -1                    | takes unsigned, not
                /3442/0/125    | unsigned | 18446744073709551616  | takes unsigned, not
                /3442/0/130    | float    | 1e999999999           | takes float, not
                /3442/0/120    | integer  | 1e-999999999          | takes integer, not
                /3442/0/1110   |          | {"0":"a","1":true}    | values of several types; write one type, or name it
                /3303/0/5700   |          | {"0":1}               | takes one value, no list
                /3/0/11        |          | 0                     | is a list; write {"0": value} or to /3/0/11/0
                """)) {
            CommandReply reply = write(row[0], row[1], row[2]);
            assertThat(reply.state()).isEqualTo(State.FAILED);
            assertThat(reply.detail()).startsWith(row[0]).contains(row[3]);
        }
    }

    private static List<String[]> rows(String table) {
        return table.lines().map(line -> line.split(" *\\| *")).toList();
    }

    /** One place of a list alone, which LwM2M 1.1 has. */
    @Test
    void onePlaceOfAListIsWritten() throws Exception {
        start(false);
        assertThat(write("/3442/0/1110", "", "{\"0\":\"a\",\"1\":\"b\"}").state())
                .isEqualTo(State.DONE);
        assertThat(write("/3442/0/1110/1", "", "\"c\"").detail()).isEmpty();
        assertThat(ask(Operation.READ, "/3442/0/1110/1", null).value()).isEqualTo("c");
        assertThat(ask(Operation.READ, "/3442/0/1110", null).value()).isEqualTo("{\"0\":\"a\",\"1\":\"c\"}");
    }

    @Test
    void anInstanceIsMadeAndRemoved() throws Exception {
        start(false);
        Map<Integer, Object> values = Map.of(5850, true, 5750, "valve");
        assertThat(ask(Operation.CREATE, "/3306/7", values).value()).isEqualTo("/3306/7");
        assertThat(ask(Operation.READ, "/3306/7/5850", null))
                .extracting(CommandReply::detail, CommandReply::value)
                .containsExactly("", true);
        assertThat(ask(Operation.DELETE, "/3306/7", null).state()).isEqualTo(State.DONE);
        assertThat(ask(Operation.READ, "/3306/7/5850", null).detail()).contains("404");
        // SenML names each value's whole path.
        assertThat(ask(Operation.CREATE, "/3306", values).detail()).contains("create one such as /3306/1");
        assertThat(ask(Operation.DELETE, "/3306/7/5850", null).detail()).contains("an instance such as");
    }

    /** A value is as it stands in JSON; a text need not be quoted. */
    private CommandReply write(String path, String type, String value) throws Exception {
        String json = value.matches("[{\"].*|true|-?\\d{1,18}") ? value : '"' + value + '"';
        String command = "{\"operation\":\"write\",\"path\":\"" + path + "\",\"value\":" + json
                + (type.isEmpty() ? "" : ",\"type\":\"" + type + "\"") + "}";
        return ask(CommandJson.lwm2m(new ObjectMapper().readTree(command)));
    }
}
