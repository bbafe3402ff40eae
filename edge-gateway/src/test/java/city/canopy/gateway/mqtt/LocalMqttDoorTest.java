package city.canopy.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.FileStateStore;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.StoreFullException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Real MQTT clients at the door, before a store that the test steers. */
class LocalMqttDoorTest {
    private static final DeviceId BIN = new DeviceId("bin-1");
    private static final String TELEMETRY = Topics.telemetry(BIN);
    private static final String DIGEST_KEY = "ab".repeat(32);

    /** A message that waits for its fate. */
    private record Kept(Message message, BooleanSupplier refused, CompletableFuture<Long> done) {}

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Kept> store = new LinkedBlockingQueue<>();
    private final Directory directory = new Directory();
    private FileStateStore state;
    private LocalMqttDoor door;
    private MqttCommands commands;
    private int port;

    @BeforeEach
    void open() {
        CredentialDigest digest = new CredentialDigest(DIGEST_KEY);
        configure(List.of(
                new EdgeDevice(BIN, "generic-bin", List.of(new Credential.Token(digest.of("token-of-bin-1")))),
                new EdgeDevice(
                        new DeviceId("bin-2"),
                        "generic-bin",
                        List.of(new Credential.Password("user-2", digest.of("user-2", "word"))))));
        state = FileStateStore.open(dir);
        door = new LocalMqttDoor(
                vertx,
                new LocalMqttConfig("127.0.0.1", 0, -1, null, null, 10, 4_096, 5),
                directory,
                new Inlet() {
                    @Override
                    public CompletableFuture<Long> append(Message message) {
                        return append(message, () -> false);
                    }

                    @Override
                    public CompletableFuture<Long> append(Message message, BooleanSupplier refused) {
                        Kept kept = new Kept(message, refused, new CompletableFuture<>());
                        store.add(kept);
                        return kept.done();
                    }
                },
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        commands = new MqttCommands(door, state, Clock.systemUTC());
        port = wait(door.start()).mqtt();
    }

    private void configure(List<EdgeDevice> devices) {
        directory.replace(
                new GatewayConfiguration(new DeviceId("gw-1"), 1, Instant.EPOCH, DIGEST_KEY, devices, Map.of()));
    }

    @AfterEach
    void close() {
        wait(door.stop());
        wait(vertx.close());
        state.close();
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private MqttClient connect(String user, String password) {
        MqttClient client = MqttClient.create(
                vertx,
                new MqttClientOptions().setUsername(user).setPassword(password).setClientId("any"));
        wait(client.connect(port, "127.0.0.1"));
        return client;
    }

    private Kept next() throws InterruptedException {
        Kept kept = store.poll(10, TimeUnit.SECONDS);
        assertThat(kept).as("a message came").isNotNull();
        return kept;
    }

    private static BlockingQueue<Integer> acknowledgements(MqttClient client) {
        BlockingQueue<Integer> ids = new LinkedBlockingQueue<>();
        client.publishCompletionHandler(ids::add);
        return ids;
    }

    private static int publish(MqttClient client, String topic, String text, MqttQoS qos) {
        return wait(client.publish(topic, Buffer.buffer(text), qos, false, false));
    }

    @Test
    void aMessageIsAcknowledgedWhenItIsKeptAndNotBefore() throws InterruptedException {
        for (MqttQoS qos : List.of(MqttQoS.AT_LEAST_ONCE, MqttQoS.EXACTLY_ONCE)) {
            MqttClient client = connect("token-of-bin-1", "");
            BlockingQueue<Integer> acknowledged = acknowledgements(client);
            int id = publish(client, TELEMETRY, "{\"fill_level\": 81}", qos);
            Kept kept = next();
            assertThat(kept.message().device()).isEqualTo(BIN);
            assertThat(kept.message().topic()).isEqualTo(TELEMETRY);
            assertThat(kept.message().payload()).asString().isEqualTo("{\"fill_level\": 81}");
            BlockingQueue<Boolean> pings = new LinkedBlockingQueue<>();
            client.pingResponseHandler(answer -> pings.add(true));
            client.ping();
            // The ping's answer is the first to come: no acknowledgement was sent before.
            assertThat(pings.poll(10, TimeUnit.SECONDS)).isTrue();
            assertThat(acknowledged).isEmpty();
            kept.done().complete(1L);
            assertThat(acknowledged.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
            wait(client.disconnect());
        }
    }

    @Test
    void aFullStoreEndsTheConnectionAndAcknowledgesNothing() throws InterruptedException {
        MqttClient client = connect("token-of-bin-1", "");
        BlockingQueue<Integer> acknowledged = acknowledgements(client);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        client.closeHandler(gone -> ended.complete(null));
        publish(client, TELEMETRY, "{}", MqttQoS.AT_LEAST_ONCE);
        next().done().completeExceptionally(new StoreFullException("full"));
        ended.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void whatCameAfterARefusedMessageIsNotWantedAndComesAgainInOrder() throws InterruptedException {
        MqttClient client = connect("token-of-bin-1", "");
        publish(client, TELEMETRY, "1", MqttQoS.AT_LEAST_ONCE);
        publish(client, TELEMETRY, "2", MqttQoS.AT_LEAST_ONCE);
        Kept first = next();
        Kept second = next();
        assertThat(second.refused().getAsBoolean()).isFalse();
        first.done().completeExceptionally(new StoreFullException("full"));
        assertThat(second.refused().getAsBoolean())
                .as("before anything else is written")
                .isTrue();
        connect("token-of-bin-1", "").publish(TELEMETRY, Buffer.buffer("1"), MqttQoS.AT_LEAST_ONCE, true, false);
        assertThat(next().refused().getAsBoolean()).as("a new connection").isFalse();
    }

    @Test
    void userNameAndPasswordAreAPair() throws InterruptedException {
        MqttClient client = connect("user-2", "word");
        publish(client, "v1/devices/me/telemetry", "{}", MqttQoS.AT_LEAST_ONCE);
        assertThat(next().message().device()).isEqualTo(new DeviceId("bin-2"));
        assertThatThrownBy(() -> connect("user-2", "wrong")).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
        assertThatThrownBy(() -> connect("another-token", "")).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
        assertThatThrownBy(() -> connect(null, null)).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
    }

    @Test
    void whoSpeaksForAnotherOrTooMuchIsDisconnected() {
        for (String wrong : List.of(Topics.telemetry(new DeviceId("bin-2")), "canopy/v1/tickets/t", "anything")) {
            MqttClient client = connect("token-of-bin-1", "");
            CompletableFuture<Void> ended = new CompletableFuture<>();
            client.closeHandler(gone -> ended.complete(null));
            publish(client, wrong, "{}", MqttQoS.AT_LEAST_ONCE);
            ended.orTimeout(10, TimeUnit.SECONDS).join();
        }
        MqttClient client = connect("token-of-bin-1", "");
        CompletableFuture<Void> ended = new CompletableFuture<>();
        client.closeHandler(gone -> ended.complete(null));
        for (int i = 0; i < 6; i++) {
            publish(client, TELEMETRY, "{}", MqttQoS.AT_LEAST_ONCE);
        }
        ended.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(store).hasSize(5);
    }

    private MqttAsyncClient connect5() throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "any", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("token-of-bin-1");
        client.connect(options).waitForCompletion(10_000);
        return client;
    }

    private static MqttMessage typed(String contentType) {
        MqttMessage message = new MqttMessage("{}".getBytes(StandardCharsets.US_ASCII));
        message.setQos(1);
        MqttProperties properties = new MqttProperties();
        properties.setContentType(contentType);
        message.setProperties(properties);
        return message;
    }

    @Test
    void aMediaTypeThatIsTooLongIsRefusedAndTheDeviceGoesOn() throws Exception {
        MqttAsyncClient client = connect5();
        IMqttToken refused = client.publish(TELEMETRY, typed("t".repeat(Message.MAX_TYPE + 1)));
        refused.waitForCompletion(10_000);
        assertThat(refused.getReasonCodes()).containsExactly(MqttReturnCode.RETURN_CODE_IMPLEMENTATION_SPECIFIC_ERROR);
        IMqttToken taken = client.publish(TELEMETRY, typed("application/json"));
        Kept kept = next();
        assertThat(kept.message().contentType()).isEqualTo("application/json");
        kept.done().complete(1L);
        taken.waitForCompletion(10_000);
        client.disconnect().waitForCompletion(10_000);
        client.close();
    }

    @Test
    void theDoorClosesWithAnMqtt5DeviceAtIt() throws Exception {
        MqttAsyncClient client = connect5();
        // Without an end to each connection the door would not say that it has closed.
        assertThat(door.stop().toCompletionStage().toCompletableFuture()).succeedsWithin(10, TimeUnit.SECONDS);
        client.close(true);
    }

    @Test
    void aReplyCountsThoughItsDeviceIsGoneBeforeItIsKept() throws Exception {
        commands.send(command("c-1"), reply -> {});
        MqttClient client = connect("token-of-bin-1", "");
        publish(client, Topics.commandReply(BIN, "c-1"), "{\"state\":\"done\"}", MqttQoS.AT_LEAST_ONCE);
        Kept reply = next();
        wait(client.disconnect());
        reply.done().complete(1L);
        MqttClient again = connect("token-of-bin-1", "");
        BlockingQueue<Buffer> received = new LinkedBlockingQueue<>();
        again.publishHandler(message -> received.add(message.payload()));
        again.subscribe(Topics.commands(BIN), 1);
        commands.send(command("c-2"), told -> {});
        assertThat(CommandJson.command(received.poll(10, TimeUnit.SECONDS).getBytes())
                        .id())
                .isEqualTo("c-2");
    }

    @Test
    void aDeviceThatIsTakenOutIsDisconnected() {
        MqttClient client = connect("token-of-bin-1", "");
        CompletableFuture<Void> ended = new CompletableFuture<>();
        client.closeHandler(gone -> ended.complete(null));
        configure(List.of());
        ended.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static Command command(String id) {
        return new Command(
                id,
                BIN,
                "restart",
                Map.of("in", 5L),
                Optional.empty(),
                Instant.now().plusSeconds(600));
    }

    @Test
    void aCommandWaitsForItsDeviceAndIsSentUntilItReplies() throws Exception {
        BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
        commands.send(command("c-1"), replies::add);
        assertThat(replies.poll(10, TimeUnit.SECONDS).state()).isEqualTo(CommandReply.State.WAITING);
        for (int times = 0; times < 2; times++) {
            MqttClient client = connect("token-of-bin-1", "");
            BlockingQueue<Buffer> received = new LinkedBlockingQueue<>();
            client.publishHandler(message -> received.add(message.payload()));
            client.subscribe(Topics.commands(BIN), 1);
            Buffer payload = received.poll(10, TimeUnit.SECONDS);
            assertThat(CommandJson.command(payload.getBytes()).id()).isEqualTo("c-1");
            if (times == 1) {
                publish(client, Topics.commandReply(BIN, "c-1"), "{\"state\":\"done\"}", MqttQoS.AT_LEAST_ONCE);
                next().done().complete(1L);
            }
            wait(client.disconnect());
        }
        MqttClient client = connect("token-of-bin-1", "");
        BlockingQueue<Buffer> received = new LinkedBlockingQueue<>();
        client.publishHandler(message -> received.add(message.payload()));
        client.subscribe(Topics.commands(BIN), 1);
        commands.send(command("c-2"), replies::add);
        // The second is the first to come: the one that was answered is not sent again.
        assertThat(CommandJson.command(received.poll(10, TimeUnit.SECONDS).getBytes())
                        .id())
                .isEqualTo("c-2");
    }

    @Test
    void aCommandThatWasAnsweredInThingsBoardsFormIsNotSentAgain() throws Exception {
        commands.send(command("c-1"), reply -> {});
        MqttClient first = connect("token-of-bin-1", "");
        BlockingQueue<String> topics = new LinkedBlockingQueue<>();
        first.publishHandler(message -> topics.add(message.topicName()));
        first.subscribe("v1/devices/me/rpc/request/+", 1);
        assertThat(topics.poll(10, TimeUnit.SECONDS)).isEqualTo(Topics.myRpcRequest("c-1"));
        publish(first, Topics.myRpcResponse("c-1"), "{\"restarted\":true}", MqttQoS.AT_LEAST_ONCE);
        next().done().complete(1L);
        wait(first.disconnect());

        MqttClient again = connect("token-of-bin-1", "");
        again.publishHandler(message -> topics.add(message.topicName()));
        again.subscribe("v1/devices/me/rpc/request/+", 1);
        commands.send(command("c-2"), reply -> {});
        assertThat(topics.poll(10, TimeUnit.SECONDS)).isEqualTo(Topics.myRpcRequest("c-2"));
    }

    @Test
    void whoPublishesAsAnotherIsDisconnectedAndTheLogSaysWhy() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(LocalMqttDoor.class);
        logger.addAppender(log);
        try {
            MqttClient client = connect("token-of-bin-1", "");
            CompletableFuture<Void> ended = new CompletableFuture<>();
            client.closeHandler(ended::complete);
            client.publish(
                    "canopy/v1/devices/bin-2/telemetry", Buffer.buffer("{}"), MqttQoS.AT_LEAST_ONCE, false, false);
            ended.get(10, TimeUnit.SECONDS);
            assertThat(log.list)
                    .singleElement()
                    .satisfies(event -> assertThat(event.getFormattedMessage())
                            .contains(
                                    "of device:bin-1",
                                    "\"canopy/v1/devices/bin-2/telemetry\"",
                                    "Let it publish as itself"));
            assertThat(store).isEmpty();
        } finally {
            logger.detachAppender(log);
        }
    }

    /** Firmware expects a number, which is the same after a restart. */
    @Test
    void aNumberedCommandIsAnsweredByItsNumberAlsoAfterARestart() throws Exception {
        Command plain = command("c-1");
        commands.send(
                new Command(
                        "c-1",
                        BIN,
                        plain.name(),
                        plain.parameters(),
                        plain.lwm2m(),
                        plain.expiresAt(),
                        Optional.of("17")),
                reply -> {});
        state.close();
        state = FileStateStore.open(dir);
        commands = new MqttCommands(door, state, Clock.systemUTC());
        MqttClient client = connect("token-of-bin-1", "");
        BlockingQueue<String> topics = new LinkedBlockingQueue<>();
        client.publishHandler(message -> topics.add(message.topicName()));
        client.subscribe("v1/devices/me/rpc/request/+", 1);
        assertThat(topics.poll(10, TimeUnit.SECONDS)).isEqualTo("v1/devices/me/rpc/request/17");
        BlockingQueue<Integer> acknowledged = acknowledgements(client);
        publish(client, "v1/devices/me/rpc/response/17", "true", MqttQoS.AT_LEAST_ONCE);
        Kept kept = next();
        assertThat(kept.message().topic()).isEqualTo("v1/devices/me/rpc/response/17");
        kept.done().complete(1L);
        assertThat(acknowledged.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(state.list("mqtt-commands")).isEmpty();
    }

    @Test
    void waitingCommandsOutliveARestart() throws Exception {
        commands.send(command("c-1"), reply -> {});
        state.close();
        state = FileStateStore.open(dir);
        commands = new MqttCommands(door, state, Clock.systemUTC());
        MqttClient client = connect("token-of-bin-1", "");
        BlockingQueue<Buffer> received = new LinkedBlockingQueue<>();
        client.publishHandler(message -> received.add(message.payload()));
        client.subscribe("v1/devices/me/rpc/request/+", 1);
        assertThat(received.poll(10, TimeUnit.SECONDS).toString())
                .isEqualTo("{\"method\":\"restart\",\"params\":{\"in\":5}}");
    }

    @Test
    void tooManyWaitingCommandsAreRefused() {
        BlockingQueue<CommandReply> replies = new LinkedBlockingQueue<>();
        for (int i = 0; i < MqttCommands.MAX_WAITING; i++) {
            commands.send(command("c-" + i), reply -> {});
        }
        commands.send(command("one-more"), replies::add);
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.state()).isEqualTo(CommandReply.State.FAILED);
            assertThat(reply.detail()).contains("32");
        });
    }
}
