package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Floats of four bytes, integers as short as can be, instances in instances, links of four bytes. */
    @ParameterizedTest
    @CsvSource({
        "11542, /3303/0/5700, e4164441ac0000, air_temperature=21.5",
        "1542, /3303/0/5700, e4164441ac0000, air_temperature=21.5",
        "11542, /3303/0, e4164441ac0000e3164543656c, air_temperature=21.5",
        "11542, /3303, 0700e4164441ac00000701e4164441b00000, air_temperature.1=22.0 air_temperature=21.5",
        "11542, /3/0, c10043c10958830b410000c40d5182428fc41600420001, battery=88.0",
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

    private static void register(PlainDevice device) throws Exception {
        Response registered = device.ask(device.request(
                Code.POST,
                List.of("rd"),
                List.of("lwm2m=1.1", "ep=probe", "b=U", "lt=300"),
                ContentFormat.LINK_CODE,
                "</>;rt=\"oma.lwm2m\";ct=110,</1/0>,</3/0>,</3303/0>,</3303/1>".getBytes(UTF_8)));
        assertThat(registered.getCode()).isEqualTo(ResponseCode.CREATED);
    }
}
