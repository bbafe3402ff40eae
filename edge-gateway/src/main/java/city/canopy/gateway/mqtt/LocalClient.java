package city.canopy.gateway.mqtt;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.RpcJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.Message;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** One device that has logged in at the local door. Event loop only. */
final class LocalClient {
    private static final int MQTT_5 = 5;

    private final LocalMqttDoor door;
    private final MqttEndpoint endpoint;
    private final DeviceId device;
    private final Set<String> filters = new HashSet<>();
    /** Packet ids of QoS 2 from PUBLISH to PUBREL; the value says whether the PUBREC has gone. */
    private final Map<Integer, Boolean> unreleased = new HashMap<>();

    /** Whether one of its messages could not be kept; written by the store's thread. */
    private final AtomicBoolean refused = new AtomicBoolean();

    private int underWay;
    private boolean saidGoodbye;
    private boolean open = true;

    LocalClient(LocalMqttDoor door, MqttEndpoint endpoint, DeviceId device) {
        this.door = door;
        this.endpoint = endpoint;
        this.device = device;
    }

    void listen() {
        endpoint.publishHandler(this::published);
        endpoint.publishReleaseHandler(this::released);
        endpoint.subscribeHandler(this::subscribe);
        endpoint.unsubscribeHandler(asked -> {
            asked.topics().forEach(filters::remove);
            endpoint.unsubscribeAcknowledge(asked.messageId());
        });
        endpoint.disconnectMessageHandler(this::disconnected);
        endpoint.exceptionHandler(failure -> end(MqttDisconnectReasonCode.MALFORMED_PACKET));
        endpoint.closeHandler(gone -> closed());
    }

    DeviceId device() {
        return device;
    }

    boolean isMqtt5() {
        return endpoint.protocolVersion() == MQTT_5;
    }

    private void published(MqttPublishMessage message) {
        int qos = message.qosLevel().value();
        int packetId = message.messageId();
        if (qos == 2 && (isMqtt5() || isRepeated(packetId))) {
            if (isMqtt5()) {
                end(MqttDisconnectReasonCode.QOS_NOT_SUPPORTED);
            }
            return;
        }
        if (!LocalRights.mayPublish(device, message.topicName())) {
            door.refusedTopic(this, endpoint.clientIdentifier(), message.topicName());
            refuse(packetId, qos, MqttPubAckReasonCode.NOT_AUTHORIZED);
            return;
        }
        String type = isMqtt5() ? contentType(message.properties()) : null;
        if (type != null && type.length() > Message.MAX_TYPE) {
            door.refused("content_type");
            refuse(packetId, qos, MqttPubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
            return;
        }
        if (++underWay > door.config().inFlight()) {
            door.refused("in_flight");
            end(MqttDisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
            return;
        }
        if (qos == 2) {
            unreleased.put(packetId, false);
        }
        Message kept =
                new Message(device, message.topicName(), type, message.payload().getBytes());
        door.keep(kept, refused, failure -> kept(qos, packetId, failure));
    }

    private static String contentType(MqttProperties properties) {
        return properties.getProperty(MqttProperties.CONTENT_TYPE) instanceof MqttProperties.StringProperty type
                ? type.value()
                : null;
    }

    private boolean isRepeated(int packetId) {
        Boolean received = unreleased.get(packetId);
        if (Boolean.TRUE.equals(received)) {
            endpoint.publishReceived(packetId);
        }
        return received != null;
    }

    /** The message is safe, or it is not and the device has to come again with it. */
    private void kept(int qos, int packetId, Throwable failure) {
        underWay--;
        // A connection that has gone is not always told yet.
        if (!open || !endpoint.isConnected()) {
            return;
        }
        if (failure != null) {
            door.refused("store");
            end(MqttDisconnectReasonCode.SERVER_BUSY);
        } else if (qos == 1) {
            endpoint.publishAcknowledge(packetId);
        } else if (qos == 2) {
            unreleased.put(packetId, true);
            endpoint.publishReceived(packetId);
        }
    }

    /** A message that will never be taken; MQTT 5 has a word for it, older clients are disconnected. */
    private void refuse(int packetId, int qos, MqttPubAckReasonCode why) {
        if (!isMqtt5()) {
            end(MqttDisconnectReasonCode.NOT_AUTHORIZED);
        } else if (qos == 1) {
            endpoint.publishAcknowledge(packetId, why, MqttProperties.NO_PROPERTIES);
        }
    }

    private void released(int packetId) {
        unreleased.remove(packetId);
        endpoint.publishComplete(packetId);
    }

    private void subscribe(MqttSubscribeMessage asked) {
        List<MqttSubAckReasonCode> answers = new ArrayList<>();
        asked.topicSubscriptions().forEach(each -> {
            boolean may = LocalRights.maySubscribe(device, each.topicName());
            if (may) {
                filters.add(each.topicName());
            }
            answers.add(
                    !may
                            ? MqttSubAckReasonCode.NOT_AUTHORIZED
                            : each.qualityOfService() == MqttQoS.AT_MOST_ONCE
                                    ? MqttSubAckReasonCode.GRANTED_QOS0
                                    : MqttSubAckReasonCode.GRANTED_QOS1);
        });
        if (isMqtt5()) {
            endpoint.subscribeAcknowledge(asked.messageId(), answers, MqttProperties.NO_PROPERTIES);
        } else {
            endpoint.subscribeAcknowledge(
                    asked.messageId(),
                    answers.stream()
                            .map(code -> code.isError() ? MqttQoS.FAILURE : MqttQoS.valueOf(code.value()))
                            .toList());
        }
        door.listens(this);
    }

    /** Whether it has subscribed to its commands. */
    boolean takesCommands() {
        return filters.stream().anyMatch(filter -> LocalRights.isRpc(filter) || filter.equals(Topics.commands(device)));
    }

    void send(Command command) {
        if (filters.contains(Topics.commands(device))) {
            publish(Topics.commands(device), Buffer.buffer(CommandJson.write(command)));
        } else {
            publish(Topics.myRpcRequest(command.rpcRequest()), Buffer.buffer(RpcJson.request(command)));
        }
    }

    private void publish(String topic, Buffer payload) {
        if (open) {
            endpoint.publish(topic, payload, MqttQoS.AT_LEAST_ONCE, false, false)
                    .onFailure(failure -> door.refused("delivery"));
        }
    }

    private void disconnected(MqttDisconnectMessage message) {
        saidGoodbye = message.code() == MqttDisconnectReasonCode.NORMAL;
    }

    private void closed() {
        boolean unexpected = open && !saidGoodbye;
        open = false;
        door.left(this);
        if (unexpected && endpoint.will() != null && endpoint.will().isWillFlag()) {
            String topic = endpoint.will().getWillTopic();
            if (LocalRights.mayPublish(device, topic)) {
                byte[] will = endpoint.will().getWillMessageBytes();
                door.keep(
                        new Message(device, topic, null, will == null ? new byte[0] : will),
                        new AtomicBoolean(),
                        failure -> {
                            if (failure != null) {
                                door.refused("will");
                            }
                        });
            }
        }
    }

    /** Ends the connection; an MQTT 5 client is told why. What was not acknowledged it sends again. */
    void end(MqttDisconnectReasonCode why) {
        if (!open) {
            return;
        }
        open = false;
        door.left(this);
        if (!endpoint.isConnected()) {
            return;
        }
        if (isMqtt5()) {
            endpoint.disconnect(why, MqttProperties.NO_PROPERTIES);
        }
        // The word to an MQTT 5 client may have closed it already.
        if (endpoint.isConnected()) {
            endpoint.close();
        }
    }
}
