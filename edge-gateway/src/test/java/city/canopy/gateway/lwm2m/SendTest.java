package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.Message;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.response.SendResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Send is answered when it is safe, and not before. */
class SendTest {
    private final LwM2mWorld world = new LwM2mWorld();
    private final Sensor first = new Sensor(0, Map.of(5700, 21.5, 5701, "Cel"));
    private TestDevice device;

    @BeforeEach
    void start() throws InterruptedException {
        world.device("probe", "probe").start();
        device = world.add(new TestDevice.Builder("probe", world.plain())
                        .with(3303, first, new Sensor(1, Map.of(5700, 22.5, 5701, "Cel", 5750, "x".repeat(3_000)))))
                .registered();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theDeviceHasItsAnswerOnlyAfterTheAppend() throws Exception {
        world.store.hold();
        CompletableFuture<SendResponse> answer = device.send(ContentFormat.SENML_CBOR, "/3303/0/5700");
        Message message = world.store.next();
        assertThat(message.device()).isEqualTo(new DeviceId("probe"));
        assertThat(message.topic()).isEqualTo("/lwm2m");
        assertThat(message.contentType()).isEqualTo("application/senml+cbor");
        assertThat(answer).isNotDone();
        world.store.release();
        assertThat(answer.get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
        assertThat(LwM2mWorld.readings(message)).containsExactly("air_temperature=21.5");
        assertThat(world.count("sends")).isEqualTo(1);
    }

    @Test
    void manyWaitWithoutAThreadEach() throws Exception {
        world.store.hold();
        java.util.List<CompletableFuture<SendResponse>> answers = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(device.send(ContentFormat.SENML_CBOR, "/3303/0/5700"));
        }
        for (int i = 0; i < 100; i++) {
            world.store.next();
        }
        world.store.release();
        for (CompletableFuture<SendResponse> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
        }
    }

    @Test
    void twoProbesAreTwoInstances() throws Exception {
        device.send(ContentFormat.SENML_JSON, "/3303/0/5700", "/3303/1/5700").get(10, TimeUnit.SECONDS);
        Message message = world.store.next();
        assertThat(message.contentType()).isEqualTo("application/senml+json");
        assertThat(LwM2mWorld.readings(message)).containsExactly("air_temperature.1=22.5", "air_temperature=21.5");
    }

    @Test
    void aLongOneComesInBlocks() throws Exception {
        SendResponse answer = device.send(ContentFormat.SENML_JSON, "/3303/1").get(20, TimeUnit.SECONDS);
        assertThat(answer.isSuccess()).isTrue();
        Message message = world.store.next();
        assertThat(message.payload().length).isGreaterThan(3_000);
        assertThat(LwM2mWorld.readings(message)).containsExactly("air_temperature.1=22.5");
    }

    @Test
    void aFullStoreTellsTheDeviceWhenToComeAgain() throws Exception {
        world.device("thin", "probe");
        try (ThinDevice thin = new ThinDevice(world.coap())) {
            assertThat(thin.register("thin").getCode()).isEqualTo(ResponseCode.CREATED);
            world.store.full(true);
            CoapResponse refused = thin.send("[{\"n\":\"/3303/0/5700\",\"v\":20.5}]", ContentFormat.SENML_JSON_CODE);
            assertThat(refused.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(refused.getOptions().getMaxAge()).isEqualTo(60);
            assertThat(world.count("refused", "cause", "full")).isEqualTo(1);
            world.store.full(false);
            CoapResponse taken = thin.send("[{\"n\":\"/3303/0/5700\",\"v\":20.5}]", ContentFormat.SENML_JSON_CODE);
            assertThat(taken.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=20.5");
        }
    }

    @Test
    void whatIsTooLongOrOfAnotherFormatIsRefused() throws Exception {
        world.device("thin", "probe");
        try (ThinDevice thin = new ThinDevice(world.coap())) {
            thin.register("thin");
            assertThat(thin.send("x".repeat(70_000), ContentFormat.SENML_JSON_CODE)
                            .getCode())
                    .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            assertThat(thin.send("21.5", ContentFormat.TEXT_CODE).getCode())
                    .isEqualTo(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
            assertThat(world.store.isEmpty()).isTrue();
        }
    }

    @Test
    void whoIsNotRegisteredIsToldToRegister() throws Exception {
        CoapClient stranger = new CoapClient(world.coap() + "/dp");
        CoapResponse answer = stranger.post("[]", ContentFormat.SENML_JSON_CODE);
        stranger.shutdown();
        assertThat(answer.getCode()).isEqualTo(ResponseCode.NOT_FOUND);
        assertThat(world.store.isEmpty()).isTrue();
        assertThat(world.count("refused", "cause", "unregistered")).isEqualTo(1);
    }
}
