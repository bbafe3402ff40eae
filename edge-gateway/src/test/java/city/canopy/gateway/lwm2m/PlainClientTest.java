package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients without Leshan put on the wire is taken: small ones in C, of LwM2M 1.0 and of 1.1. */
class PlainClientTest {
    private static final String TEMPERATURE = "/3303/0/5700";
    private static final String BATTERY = "/3/0/9";
    private static final int LINKS = ContentFormat.LINK_CODE;
    private static final byte[] NOTHING = {};

    private final LwM2mWorld world = new LwM2mWorld().device("probe", "probe");
    private final BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aDeviceOfVersion10RegistersIsObservedAndTakesItsLeave() throws Exception {
        world.observe("probe", every(TEMPERATURE), seen("/3303/0")).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            device.set(TEMPERATURE, ContentFormat.TEXT_CODE, "21.5".getBytes(UTF_8));
            device.set("/3303/0", ContentFormat.TLV_CODE, temperature(21.5f));
            Response registered = device.askInBlocks(
                    Code.POST,
                    List.of("rd"),
                    List.of("lwm2m=1.0", "ep=probe", "sms=84901234567", "b=UQS", "lt=300"),
                    LINKS,
                    "</>;rt=\"oma.lwm2m\";ct=11543,</1/0>,</3/0>,</3303/0>,</31024/10>,</31024/11>".getBytes(UTF_8),
                    1);
            assertThat(registered.getCode()).isEqualTo(ResponseCode.CREATED);
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).isEqualTo("PUT /3303/0/5700?pmin=5&pmax=60");
            city.canopy.gateway.store.Message answer = world.store.next();
            assertThat(answer.contentType()).isEqualTo("text/plain;path=\"/3303/0/5700\"");
            assertThat(LwM2mWorld.readings(answer)).containsExactly("air_temperature=21.5");
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            device.set(TEMPERATURE, ContentFormat.TEXT_CODE, "22.250000".getBytes(UTF_8));
            device.say(TEMPERATURE, Type.NON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=22.25");
            device.set("/3303/0", ContentFormat.TLV_CODE, temperature(23.5f));
            device.say("/3303/0", Type.CON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=23.5");
            leave(device, registered);
        }
    }

    /** An update may say nothing, or name the objects anew without naming the format. */
    private void leave(PlainDevice device, Response registered) throws Exception {
        List<String> location =
                List.of(registered.getOptions().getLocationPathString().split("/"));
        Response update = device.ask(device.request(Code.POST, location, List.of(), -1, NOTHING));
        assertThat(update.getCode()).isEqualTo(ResponseCode.CHANGED);
        byte[] objects = "</>;rt=\"oma.lwm2m\";ct=11543,</1/0>,</3/0>,</3303/0>,</3303/1>".getBytes(UTF_8);
        assertThat(device.ask(device.request(Code.POST, location, List.of(), -1, objects))
                        .getCode())
                .isEqualTo(ResponseCode.CHANGED);
        assertThat(device.ping().getType()).isEqualTo(Type.RST);
        assertThat(device.ask(device.request(Code.DELETE, location, List.of(), -1, NOTHING))
                        .getCode())
                .isEqualTo(ResponseCode.DELETED);
        LwM2mWorld.until("it is gone", () -> presence() == DeviceState.Presence.GONE);
    }

    @Test
    void aDeviceOfVersion11ThatIsSilentAboutFetchIsObservedOneByOne() throws Exception {
        world.observe("probe", seen(TEMPERATURE), seen(BATTERY))
                .waitsFor(Duration.ofSeconds(1))
                .start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register11(device);
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).startsWith("FETCH /");
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("battery=88.0");
            assertThat(device.isObserved(TEMPERATURE)).isTrue();
            device.set(TEMPERATURE, ContentFormat.SENML_JSON_CODE, senml("/3303/0/", "5700", "30.5"));
            device.say(TEMPERATURE, Type.NON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=30.5");
            answeringTooLateIsNotObservedTwice(device);
            device.asked.clear();
            register11(device);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).isEqualTo("GET /3303/0/5700");
        }
    }

    /** The gateway has given up what it asked, and says so by a reset. */
    private void answeringTooLateIsNotObservedTwice(PlainDevice device) throws Exception {
        device.set("/", ContentFormat.SENML_JSON_CODE, senml("/3303/0/", "5700", "99.5"));
        device.say("/", Type.CON);
        Message answer = device.answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        assertThat(answer.getType()).isEqualTo(Type.RST);
        assertThat(world.store.isEmpty()).isTrue();
    }

    @Test
    void aSlowRadioThatAnswersAtLastIsObservedOnce() throws Exception {
        world.observe("probe", seen(TEMPERATURE), seen(BATTERY)).start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register11(device);
            // The same request for the second time: CoAP has repeated it, and nothing else was asked.
            String first = device.asked.poll(10, TimeUnit.SECONDS);
            assertThat(first).startsWith("FETCH /");
            assertThat(device.asked.poll(10, TimeUnit.SECONDS)).isEqualTo(first);
            device.set("/", ContentFormat.SENML_JSON_CODE, senml("/3303/0/", "5700", "31.5"));
            device.say("/", Type.NON);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=31.5");
            ask("c-1", Operation.READ, BATTERY, null);
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(device.asked).contains("GET /3/0/9").isSubsetOf(first, "GET /3/0/9");
        }
    }

    @Test
    void aDeviceOfVersion11SendsAndIsWrittenAndReadInSenml() throws Exception {
        world.start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            register11(device);
            byte[] payload = senml("/3303/0/", "5700", "24.5");
            Response sent = device.ask(
                    device.request(Code.POST, List.of("dp"), List.of(), ContentFormat.SENML_JSON_CODE, payload));
            assertThat(sent.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
            ask("c-1", Operation.WRITE, "/1/0/3", 60);
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(device.writtenFormat).isEqualTo(ContentFormat.SENML_JSON_CODE);
            assertThat(new String(device.written, UTF_8)).contains("/1/0/3").contains("60");
            ask("c-2", Operation.READ, BATTERY, null);
            assertThat(((Number) next().value()).longValue()).isEqualTo(88);
            ask("c-3", Operation.EXECUTE, "/3/0/4", null);
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(device.asked).containsExactly("PUT /1/0/3", "GET /3/0/9", "POST /3/0/4");
        }
    }

    @Test
    void aDeviceOfVersion10IsWrittenInTlv() throws Exception {
        world.start();
        try (PlainDevice device = new PlainDevice(world.coap())) {
            Response registered = device.ask(device.request(
                    Code.POST,
                    List.of("rd"),
                    List.of("ep=probe", "b=U"),
                    LINKS,
                    "</1/0>,</3/0>,</3306/0>".getBytes(UTF_8)));
            assertThat(registered.getCode()).isEqualTo(ResponseCode.CREATED);
            ask("c-1", Operation.WRITE, "/3306/0/5850", true);
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(device.writtenFormat).isEqualTo(ContentFormat.TLV_CODE);
            assertThat(HexFormat.of().formatHex(device.written)).isEqualTo("e116da01");
            ask("c-2", Operation.WRITE, "/31024/10/7", Map.of(0, 5, 1, 300));
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(HexFormat.of().formatHex(device.written)).isEqualTo("87074100054201012c");
            ask("c-3", Operation.CREATE, "/31024", Map.of(1, 20, 3, 2.5));
            CommandReply made = next();
            assertThat(made.state()).as(made.detail()).isEqualTo(CommandReply.State.DONE);
            assertThat(made.value()).isEqualTo("/31024/12");
            ask("c-4", Operation.DELETE, "/31024/12", null);
            assertThat(next().state()).isEqualTo(CommandReply.State.DONE);
            assertThat(device.asked).endsWith("POST /31024", "DELETE /31024/12");
        }
    }

    @Test
    void aSmallDtlsLibraryWithOneCipherSuiteShakesHands() throws Exception {
        world.device("probe", "probe", LwM2mWorld.psk("probe")).start();
        Configuration configuration = Configuration.createStandardWithoutFile();
        configuration.set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.NONE);
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, null);
        configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));
        DtlsConnectorConfig dtls = DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setPskStore(new SinglePskStore("probe-key", LwM2mWorld.KEY))
                .build();
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(new DTLSConnector(dtls))
                .build();
        try {
            CoapClient client = new CoapClient(world.coaps() + "/rd?ep=probe&b=U&lt=300").setEndpoint(endpoint);
            CoapResponse response = client.post("</1/0>,</3/0>", LINKS);
            assertThat(response).isNotNull();
            assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
        } finally {
            endpoint.destroy();
        }
    }

    private void register11(PlainDevice device) throws Exception {
        device.set(TEMPERATURE, ContentFormat.SENML_JSON_CODE, senml("/3303/0/", "5700", "21.5"));
        device.set(BATTERY, ContentFormat.SENML_JSON_CODE, senml("/3/0/", "9", "88"));
        Response registered = device.ask(device.request(
                Code.POST,
                List.of("rd"),
                List.of("lwm2m=1.1", "ep=probe", "b=U", "lt=300"),
                LINKS,
                ("</>;rt=\"oma.lwm2m\";ct=110,</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,"
                                + "</3303/0>,</31024>;ver=1.0,</31024/10>")
                        .getBytes(UTF_8)));
        assertThat(registered.getCode()).isEqualTo(ResponseCode.CREATED);
    }

    private static byte[] senml(String base, String name, String value) {
        return ("[{\"bn\":\"" + base + "\",\"n\":\"" + name + "\",\"v\":" + value + "}]").getBytes(UTF_8);
    }

    /** Resource 5700 as a float of four bytes. */
    private static byte[] temperature(float value) {
        return ByteBuffer.allocate(7)
                .put((byte) 0xE4)
                .putShort((short) 5700)
                .putFloat(value)
                .array();
    }

    private static Observation every(String path) {
        return new Observation(
                path,
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Duration.ofSeconds(60)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private DeviceState.Presence presence() {
        return world.gateway
                .find(new DeviceId("probe"))
                .map(DeviceState::presence)
                .orElse(null);
    }

    private void ask(String id, Operation operation, String path, Object value) {
        Command command = new Command(
                id,
                new DeviceId("probe"),
                "test",
                Map.of(),
                Optional.of(new Command.LwM2m(operation, path, value)),
                world.clock.instant().plus(Duration.ofHours(1)));
        world.gateway.commands().send(command, replies::add);
    }

    private CommandReply next() throws InterruptedException {
        CommandReply reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).as("a reply").isNotNull();
        return reply;
    }
}
