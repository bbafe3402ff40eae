package city.canopy.gateway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.gateway.store.Message;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What broken or hostile devices put on the wire does no harm to the others, and is refused with the reason. */
class HostileTest {
    private static final int SENML_JSON = ContentFormat.SENML_JSON_CODE;
    private static final byte[] GOOD = "[{\"bn\":\"/3303/0/\",\"n\":\"5700\",\"v\":24.5}]".getBytes(UTF_8);

    private final LwM2mWorld world = new LwM2mWorld().device("probe", "probe").device("other", "probe");

    @BeforeEach
    void start() {
        world.start();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Response register(PlainDevice device, String endpoint, byte[] links) throws Exception {
        return device.askInBlocks(
                Code.POST,
                List.of("rd"),
                List.of("lwm2m=1.1", "ep=" + endpoint, "b=U", "lt=300"),
                ContentFormat.LINK_CODE,
                links,
                6);
    }

    private static PlainDevice registered(LwM2mWorld world, String endpoint) throws Exception {
        PlainDevice device = new PlainDevice(world.coap());
        assertThat(register(device, endpoint, "</1/0>,</3/0>,</3303/0>".getBytes(UTF_8))
                        .getCode())
                .isEqualTo(ResponseCode.CREATED);
        return device;
    }

    private Response send(PlainDevice device, int format, byte[] payload) throws Exception {
        return device.ask(device.request(Code.POST, List.of("dp"), List.of(), format, payload));
    }

    private void allIsWell(PlainDevice device) throws Exception {
        assertThat(device.ping().getType()).isEqualTo(Type.RST);
        assertThat(send(device, SENML_JSON, GOOD).getCode()).isEqualTo(ResponseCode.CHANGED);
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
    }

    /** Truncated options, tokens that are too long, lengths that lie, noise: from a seed, so that a failure can be seen again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 20261103})
    void noiseIsNoHarm(long seed) throws Exception {
        Random random = new Random(seed);
        URI uri = URI.create(world.coap());
        InetAddress host = InetAddress.getByName(uri.getHost());
        try (PlainDevice device = registered(world, "probe");
                DatagramSocket noise = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = datagram(device, random);
                noise.send(new DatagramPacket(bytes, bytes.length, host, uri.getPort()));
            }
            allIsWell(device);
            assertThat(world.store.isEmpty()).isTrue();
        }
    }

    private static byte[] datagram(PlainDevice device, Random random) {
        List<String> path = List.of(List.of("rd", "dp", ".well-known", "bs").get(random.nextInt(4)));
        Request request = device.request(Code.POST, path, List.of("ep=nobody", "lt=300"), SENML_JSON, GOOD);
        request.setMID(random.nextInt(65_536));
        request.setToken(new byte[] {1, 2, (byte) random.nextInt()});
        byte[] bytes = new UdpDataSerializer().getByteArray(request);
        switch (random.nextInt(4)) {
            case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            // A token of 9 to 15 bytes, which CoAP reserves.
            case 1 -> bytes[0] = (byte) (bytes[0] & 0xF0 | 9 + random.nextInt(7));
            case 2 -> {
                for (int i = 0; i < 6; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            default -> random.nextBytes(bytes);
        }
        return bytes;
    }

    @Test
    void aMegabyteInBlocksIsRefusedLongBeforeItsEndAndABlockOutOfOrderAtOnce() throws Exception {
        try (PlainDevice device = registered(world, "probe")) {
            byte[] endless = new byte[1 << 20];
            Response refused = device.askInBlocks(Code.POST, List.of("dp"), List.of(), SENML_JSON, endless, 6);
            assertThat(refused.getCode()).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            Request late = device.request(Code.POST, List.of("dp"), List.of(), SENML_JSON, new byte[1_024]);
            late.getOptions().setBlock1(6, true, 1_000_000);
            assertThat(device.ask(late).getCode())
                    .isIn(ResponseCode.REQUEST_ENTITY_INCOMPLETE, ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            allIsWell(device);
        }
    }

    /** The gateway keeps what it is sent; what is wrong in it is said by the service, with the reason. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                110 |                                                              | EMPTY
                110 | [{"n":"/3303/0/5700","v":NaN}]                                | UNDECODABLE
                110 | [{"n":"/3303/0/5700","v":1e999}]                              | IMPOSSIBLE_VALUE
                110 | [{"bt":1e300,"n":"/3303/0/5700","v":1}]                       | IMPOSSIBLE_TIME
                110 | [{"bt":99999999999999,"n":"/3303/0/5700","v":1}]              | IMPOSSIBLE_TIME
                110 | [{"bv":1e308,"n":"/3303/0/5700","v":1e308}]                   | IMPOSSIBLE_VALUE
                110 | [[[[[[[[[[[[]]]]]]]]]]]]                                      | UNDECODABLE
                112 | 81a2006c2f333330332f302f3537303002f97e00                      | IMPOSSIBLE_VALUE
                112 | 9bffffffffffffffff                                            | UNDECODABLE
                """)
    void whatCannotBeIsKeptAndToldAsWrong(int format, String payload, String code) throws Exception {
        byte[] bytes = payload == null
                ? new byte[0]
                : format == SENML_JSON
                        ? payload.getBytes(UTF_8)
                        : HexFormat.of().parseHex(payload);
        try (PlainDevice device = registered(world, "probe")) {
            Response answer = send(device, format, bytes);
            assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
            Message kept = world.store.next();
            assertThat(LwM2mWorld.readings(kept).toString()).contains(code);
            allIsWell(device);
        }
    }

    /** CoAP repeats what was not answered in time, by the same number. */
    @Test
    void whatComesTwiceIsKeptOnce() throws Exception {
        try (PlainDevice device = registered(world, "probe")) {
            Request request = device.request(Code.POST, List.of("dp"), List.of(), SENML_JSON, GOOD);
            assertThat(device.ask(request).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(device.again(request).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=24.5");
            assertThat(world.store.isEmpty()).isTrue();
        }
    }

    @Test
    void manyObjectsRegisterAndAreUpdated() throws Exception {
        StringBuilder links = new StringBuilder("</1/0>,</3/0>");
        for (int i = 0; links.length() < 10_240; i++) {
            links.append(",</3303/").append(i).append('>');
        }
        try (PlainDevice device = new PlainDevice(world.coap())) {
            assertThat(register(device, "probe", links.toString().getBytes(UTF_8))
                            .getCode())
                    .isEqualTo(ResponseCode.CREATED);
            allIsWell(device);
            byte[] broken = "</3303/0>,<<<,\"".getBytes(UTF_8);
            assertThat(register(device, "probe", broken).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
            allIsWell(device);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pro\u0000be", "probe\r\n", "../probe", "probe/../other", "\u202eprobe", ""})
    void aNameThatNobodyHasIsRefused(String endpoint) throws Exception {
        try (PlainDevice device = new PlainDevice(world.coap())) {
            assertThat(register(device, endpoint, "</3/0>".getBytes(UTF_8)).getCode())
                    .isIn(ResponseCode.FORBIDDEN, ResponseCode.BAD_REQUEST);
        }
    }

    /** Without encryption the last one that says the name is it; the one before is told to register when it sends. */
    @Test
    void ofTwoDevicesOfTheSameNameTheLastOneIsIt() throws Exception {
        try (PlainDevice first = registered(world, "probe");
                PlainDevice second = registered(world, "probe");
                PlainDevice neighbour = registered(world, "other")) {
            assertThat(send(first, SENML_JSON, GOOD).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
            assertThat(world.store.isEmpty()).isTrue();
            allIsWell(second);
            allIsWell(neighbour);
        }
    }
}
