package city.canopy.gateway.forward;

import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.model.DeviceId;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The far end of a link: a real MQTT server that can hold its acknowledgements, refuse, and cut. */
final class Uplinks implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final MqttServer server;
    private final DeviceId gateway;
    private final List<Envelope> heard = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private volatile MqttEndpoint endpoint;
    private volatile boolean holds;
    private volatile boolean refuses;
    private volatile int connections;
    private volatile int messages;

    Uplinks(DeviceId gateway, int port) {
        this.gateway = gateway;
        MqttServerOptions options = new MqttServerOptions().setHost("127.0.0.1").setMaxMessageSize(1 << 20);
        options.setPort(port);
        server = MqttServer.create(vertx, options);
        server.endpointHandler(this::connected).exceptionHandler(e -> {});
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    private void connected(MqttEndpoint connected) {
        endpoint = connected;
        connections++;
        connected.subscribeHandler(asked -> {
            List<MqttQoS> granted = asked.topicSubscriptions().stream()
                    .map(each -> MqttQoS.AT_LEAST_ONCE)
                    .toList();
            connected.subscribeAcknowledge(asked.messageId(), granted);
        });
        connected.publishHandler(message -> published(connected, message));
        connected.accept(false);
    }

    private void published(MqttEndpoint from, MqttPublishMessage message) {
        if (!message.topicName().endsWith("/uplink")) {
            from.publishAcknowledge(message.messageId());
            return;
        }
        if (refuses) {
            from.publishAcknowledge(
                    message.messageId(), MqttPubAckReasonCode.NOT_AUTHORIZED, MqttProperties.NO_PROPERTIES);
            return;
        }
        try {
            heard.addAll(EnvelopeJson.read(gateway, message.payload().getBytes()));
        } catch (EnvelopeJson.EnvelopeException e) {
            throw new AssertionError(e);
        }
        messages++;
        Runnable acknowledge = () -> from.publishAcknowledge(message.messageId());
        if (holds) {
            held.add(acknowledge);
        } else {
            acknowledge.run();
        }
    }

    int port() {
        return server.actualPort();
    }

    /** From now on nothing is acknowledged. */
    void hold() {
        holds = true;
    }

    /** Acknowledges what was held, and all that comes. */
    void release() {
        holds = false;
        vertx.runOnContext(go -> {
            held.forEach(Runnable::run);
            held.clear();
        });
    }

    void refuse(boolean refuses) {
        this.refuses = refuses;
    }

    void cut() {
        vertx.runOnContext(go -> {
            held.clear();
            endpoint.close();
        });
    }

    void send(String topic, String text) {
        vertx.runOnContext(go -> endpoint.publish(topic, Buffer.buffer(text), MqttQoS.AT_LEAST_ONCE, false, false));
    }

    List<Envelope> heard() {
        return heard;
    }

    int connections() {
        return connections;
    }

    int messages() {
        return messages;
    }

    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("in vain: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
