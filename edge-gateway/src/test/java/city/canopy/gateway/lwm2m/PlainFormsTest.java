package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.Observation;
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
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which small clients written in C say their values, byte for byte. */
class PlainFormsTest {
    private static final String TEMPERATURE = "/3303/0/5700";
    private static final int NO_FORMAT = -1;

    private final LwM2mWorld world = new LwM2mWorld().device("probe", "probe");

    @AfterEach
    void close() {
        world.close();
    }

    /** A base name that is the whole path and no name; lists of instances; links, texts, times and bytes among numbers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                110 | /3303/0/5700 | [{"bn":"/3303/0/5700","v":21.5}]                                   | air_temperature=21.5
                110 | /3303/0/5700 | [{"n":"/3303/0/5700","v":21.5}]                                    | air_temperature=21.5
                110 | /3303/0      | [{"bn":"/3303/0/","n":"5700","v":21.5},{"n":"5701","vs":"Cel"}]    | air_temperature=21.5
                110 | /3303        | [{"bn":"/3303/","n":"0/5700","v":21.5},{"n":"1/5700","v":22}]      | air_temperature.1=22.0 air_temperature=21.5
                110 | /3/0         | [{"bn":"/3/0/","n":"0","vs":"C"},{"n":"9","v":88},{"n":"13","v":1367491215},{"n":"22","vlo":"66:1"}] | battery=88.0
                110 | /3/0         | [{"bn":"/3/0/","n":"11/0","v":0},{"n":"9","v":88},{"n":"2","vd":"AQI"}] | battery=88.0
                110 | /3/0         | [{"bn":"/3/0/","n":"6"},{"n":"9","v":88},{"n":"24","vb":true}]       | battery=88.0
                11543 | /3303/0/5700 | {"bn":"/3303/0/","e":[{"n":"5700","v":21.5}]}                    | air_temperature=21.5
                11543 | /3303      | {"bn":"/3303/","e":[{"n":"0/5700","v":21.5},{"n":"1/5700","v":22}]} | air_temperature.1=22.0 air_temperature=21.5
                11543 | /3/0       | {"bn":"/3/0/","e":[{"n":"0","sv":"C"},{"n":"9","v":88},{"n":"22","ov":"66:1"}]} | battery=88.0
                11543 | /3/0/9     | {"e":[{"n":"/3/0/9","v":88}]}                                      | battery=88.0
                0   | /3303/0/5700 | 21.500000                                                          | air_temperature=21.5
                0   | /3/0/9       | 88                                                                 | battery=88.0
                -1  | /3303/0/5700 | 21.5                                                               | air_temperature=21.5
                """)
    void textsAreUnderstood(int format, String path, String payload, String readings) throws Exception {
        isObserved(format, path, payload.getBytes(UTF_8), readings);
    }

    /**
     * Floats of four bytes, integers as short as can be, instances in instances, links of four bytes; in CBOR floats of two,
     * four and eight bytes, a list that has no instance as a name without a value, links under a label of text.
     */
    @ParameterizedTest
    @CsvSource({
        "11542, /3303/0/5700, e4164441ac0000, air_temperature=21.5",
        "1542, /3303/0/5700, e4164441ac0000, air_temperature=21.5",
        "11542, /3303/0, e4164441ac0000e3164543656c, air_temperature=21.5",
        "11542, /3303, 0700e4164441ac00000701e4164441b00000, air_temperature.1=22.0 air_temperature=21.5",
        "11542, /3/0, c10043c10958830b410000c40d5182428fc41600420001, battery=88.0",
        "112, /3303/0/5700, 81a2216c2f333330332f302f3537303002f94d60, air_temperature=21.5",
        "112, /3303/0/5700, 81a2216c2f333330332f302f3537303002fb4035800000000000, air_temperature=21.5",
        "112, /3303, 82a321662f333330332f0066302f3537303002f9b800a20066312f3537303002fa41b20000, air_temperature.1=22.25 air_temperature=-0.5",
        "112, /3/0, 88a321652f332f302f00613003744f70656e204d6f62696c6520416c6c69616e6365a1006136a2006431312f300200a2006139021858a200623133021a5182428fa20062323263766c6f6436363a31a2006232330843010203a20062323404f5, battery=88.0",
        "112, /3303/0, 82a321682f333330332f302f00643537303002f94d60a2006435373031036343656c, air_temperature=21.5",
    })
    void bytesAreUnderstood(int format, String path, String payload, String readings) throws Exception {
        isObserved(format, path, HexFormat.of().parseHex(payload), readings);
    }

    private void isObserved(int format, String path, byte[] payload, String readings) throws Exception {
        world.observe("probe", seen(path)).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            device.set(path, format, payload);
            register(device);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly(readings.split(" "));
            device.say(path, org.eclipse.californium.core.coap.CoAP.Type.CON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly(readings.split(" "));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                [{"bn":"/3303/0/5700","v":24.5}]
                [{"bn":"/3303/0/","n":"5700","v":24.5},{"n":"5701","vs":"Cel"}]
                [{"n":"/3303/0/5700","v":24.5}]
                """)
    void whatIsSentIsUnderstood(String payload) throws Exception {
        world.start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register(device);
            Response sent = device.ask(device.request(
                    Code.POST, List.of("dp"), List.of(), ContentFormat.SENML_JSON_CODE, payload.getBytes(UTF_8)));
            assertThat(sent.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
        }
    }

    /** Several paths have no base name; one that is the root has one of a single character. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "82a2006c2f333330332f302f3537303002f94e20a200692f332f302f31312f300200",
                "82a321612f006b333330332f302f3537303002f94e20a20068332f302f31312f300200",
            })
    void whatIsSentInCborIsUnderstood(String payload) throws Exception {
        world.start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register(device);
            byte[] bytes = HexFormat.of().parseHex(payload);
            // In the smallest blocks that CoAP has, as well.
            Response sent = device.ask(
                    device.request(Code.POST, List.of("dp"), List.of(), ContentFormat.SENML_CBOR_CODE, bytes));
            assertThat(sent.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
            sent = device.askInBlocks(Code.POST, List.of("dp"), List.of(), ContentFormat.SENML_CBOR_CODE, bytes, 0);
            assertThat(sent.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
        }
    }

    @Test
    void anAnswerInBlocksIsPutTogether() throws Exception {
        world.observe("probe", seen("/3/0")).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            device.blockSize = 32;
            device.set(
                    "/3/0",
                    ContentFormat.SENML_JSON_CODE,
                    "[{\"bn\":\"/3/0/\",\"n\":\"0\",\"vs\":\"Open Mobile Alliance\"},{\"n\":\"1\",\"vs\":\"Lightweight\"},{\"n\":\"9\",\"v\":88}]"
                            .getBytes(UTF_8));
            register(device);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("battery=88.0");
        }
    }

    /** What a small CBOR reader knows: lists and maps of a stated length, whole numbers, floats, texts and truths, no tags. */
    @ParameterizedTest
    @CsvSource({
        "/1/0/3, 60, 81a202183c21662f312f302f33",
        "/3303/0/5700, 21.5, 81a202f94d60216c2f333330332f302f35373030",
        "/3306/0/5850, true, 81a204f5216c2f333330362f302f35383530",
        "/3/0/14, +07:00, 81a203662b30373a303021672f332f302f3134",
        "/3/0/13, 1700000000, 81a2021a6553f10021672f332f302f3133",
        "/31024/10/3, 2.5, 81a202f94100216b2f33313032342f31302f33",
        "/31024/10/3, 0.1, 81a202fb3fb999999999999a216b2f33313032342f31302f33",
    })
    void whatIsWrittenIsPlainCbor(String path, String value, String bytes) throws Exception {
        world.start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register(device, "112");
            write(path, value);
            assertThat(device.writtenFormat).isEqualTo(ContentFormat.SENML_CBOR_CODE);
            assertThat(HexFormat.of().formatHex(device.written)).isEqualTo(bytes);
        }
    }

    @Test
    void whatNobodyCanReadIsCountedAndAllElseIsObserved() throws Exception {
        world.observe("probe", seen("/3/0"), seen(TEMPERATURE)).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            device.set("/3/0", NO_FORMAT, "battery: 88".getBytes(UTF_8));
            device.set(TEMPERATURE, ContentFormat.TEXT_CODE, "21.5".getBytes(UTF_8));
            register(device);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            assertThat(world.count("refused", "cause", "format")).isEqualTo(1);
            assertThat(world.gateway.refusals())
                    .containsExactly(new Refusal(new DeviceId("probe"), Refusal.Kind.FORMAT, "/3/0", ""));
            // Its firmware is mended.
            device.set(
                    "/3/0", ContentFormat.SENML_JSON_CODE, "[{\"bn\":\"/3/0/\",\"n\":\"9\",\"v\":88}]".getBytes(UTF_8));
            device.say("/3/0", org.eclipse.californium.core.coap.CoAP.Type.CON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("battery=88.0");
            assertThat(world.gateway.refusing()).isZero();
        }
    }

    @Test
    void attributesThatADeviceRefusesAreCountedAndItIsObservedAllTheSame() throws Exception {
        Observation often = new Observation(
                TEMPERATURE,
                Optional.of(Duration.ofSeconds(5)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        world.observe("probe", often).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            device.refusesAttributes = true;
            device.set(TEMPERATURE, ContentFormat.TEXT_CODE, "21.5".getBytes(UTF_8));
            register(device);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            assertThat(world.count("refused", "cause", "observe")).isEqualTo(1);
            assertThat(world.gateway.refusals())
                    .containsExactly(new Refusal(new DeviceId("probe"), Refusal.Kind.ATTRIBUTES, TEMPERATURE, "4.00"));
            // Its profile is mended.
            world.observe("probe", seen(TEMPERATURE));
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            assertThat(world.gateway.refusing()).isZero();
        }
    }

    private void write(String path, String value) throws Exception {
        BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
        Object meant = value.equals("true")
                ? (Object) true
                : value.matches("\\d+")
                        ? (Object) Long.valueOf(value)
                        : value.matches("[\\d.]+") ? Double.valueOf(value) : value;
        world.gateway
                .commands()
                .send(
                        new Command(
                                "c-1",
                                new DeviceId("probe"),
                                "test",
                                Map.of(),
                                Optional.of(new Command.LwM2m(Operation.WRITE, path, meant)),
                                world.clock.instant().plus(Duration.ofHours(1))),
                        replies::add);
        CommandReply reply = replies.poll(10, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        assertThat(reply.state()).isEqualTo(CommandReply.State.DONE);
    }

    private static void register(PlainDevice device) throws Exception {
        register(device, "110");
    }

    private static void register(PlainDevice device, String formats) throws Exception {
        Response registered = device.ask(device.request(
                Code.POST,
                List.of("rd"),
                List.of("lwm2m=1.1", "ep=probe", "b=U", "lt=300"),
                ContentFormat.LINK_CODE,
                ("</>;rt=\"oma.lwm2m\";ct=" + formats + ",</1/0>,</3/0>,</3303/0>,</3303/1>").getBytes(UTF_8)));
        assertThat(registered.getCode()).isEqualTo(ResponseCode.CREATED);
    }
}
