package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.Principal;
import city.canopy.devices.envelope.TopicFilter;
import city.canopy.devices.envelope.Topics;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.vertx.core.Context;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers SUBSCRIBE and UNSUBSCRIBE, and sends what is published to those who listen. Event loop only. */
final class Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
    private static final int FAILURE = 0x80;

    private final Context loop;
    private final MqttLimits limits;
    private final Rights rights;
    private final DoorMeters meters;
    private final RetainedState retained;
    private final Subscriptions subscriptions = new Subscriptions();

    Subscriber(Context loop, MqttLimits limits, Rights rights, DoorMeters meters, RetainedState retained) {
        this.loop = loop;
        this.limits = limits;
        this.rights = rights;
        this.meters = meters;
        this.retained = retained;
    }

    void subscribe(Client client, MqttSubscribeMessage message) {
        List<MqttSubAckReasonCode> answers = new ArrayList<>();
        List<MqttTopicSubscription> wantRetained = new ArrayList<>();
        for (MqttTopicSubscription asked : message.topicSubscriptions()) {
            MqttSubAckReasonCode answer = answer(client, asked);
            answers.add(answer);
            if (answer.isError()) {
                meters.subscriptionRefused();
                continue;
            }
            boolean known = subscriptions.add(client, asked.topicName(), qos(asked));
            client.filters().add(asked.topicName());
            if (wantsRetained(asked, known)) {
                wantRetained.add(asked);
            }
        }
        acknowledge(client, message.messageId(), answers);
        for (MqttTopicSubscription asked : wantRetained) {
            client.outbox().want(asked.topicName(), qos(asked));
        }
    }

    private MqttSubAckReasonCode answer(Client client, MqttTopicSubscription asked) {
        String filter = asked.topicName();
        if (filter.startsWith("$share/")) {
            return MqttSubAckReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!TopicFilter.isValid(filter)) {
            return MqttSubAckReasonCode.TOPIC_FILTER_INVALID;
        }
        if (!rights.maySubscribe(client.principal(), filter)) {
            return MqttSubAckReasonCode.NOT_AUTHORIZED;
        }
        if (client.filters().size() >= limits.subscriptions()
                && !client.filters().contains(filter)) {
            return MqttSubAckReasonCode.QUOTA_EXCEEDED;
        }
        return qos(asked) == 0 ? MqttSubAckReasonCode.GRANTED_QOS0 : MqttSubAckReasonCode.GRANTED_QOS1;
    }

    /** QoS 1 is the highest that is granted. */
    private static int qos(MqttTopicSubscription asked) {
        return Math.min(1, asked.qualityOfService().value());
    }

    private static boolean wantsRetained(MqttTopicSubscription asked, boolean known) {
        RetainedHandlingPolicy policy = asked.subscriptionOption().retainHandling();
        return switch (policy) {
            case SEND_AT_SUBSCRIBE -> true;
            case SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS -> !known;
            case DONT_SEND_AT_SUBSCRIBE -> false;
        };
    }

    private static void acknowledge(Client client, int packetId, List<MqttSubAckReasonCode> answers) {
        if (client.isMqtt5()) {
            client.endpoint().subscribeAcknowledge(packetId, answers, MqttProperties.NO_PROPERTIES);
        } else {
            List<MqttQoS> granted = answers.stream()
                    .map(answer -> MqttQoS.valueOf(answer.isError() ? FAILURE : answer.value()))
                    .toList();
            client.endpoint().subscribeAcknowledge(packetId, granted);
        }
    }

    /** Looks up the retained state that this client is to be told next, if it is the time. */
    void lookUpNext(Client client) {
        Map.Entry<String, Integer> next = client.isOpen() ? client.outbox().nextLookUp() : null;
        if (next == null) {
            return;
        }
        String filter = next.getKey();
        find(client, filter)
                .whenComplete((found, failure) -> loop.runOnContext(nothing -> {
                    if (failure != null) {
                        LOG.error(
                                "Retained state of {} could not be read; the subscriber is disconnected",
                                filter,
                                failure);
                        client.end(Cause.FAILED);
                    } else if (client.isOpen()) {
                        client.outbox().retained(found, next.getValue());
                    }
                }));
    }

    private CompletionStage<List<RetainedState.Retained>> find(Client client, String filter) {
        if (!filter.startsWith(Rights.ME) || !(client.principal() instanceof Principal.OfDevice self)) {
            return retained.find(filter);
        }
        // Who listens to both forms gets the one of ours, now as later.
        return client.filters().contains(Topics.commands(self.device()))
                ? CompletableFuture.completedStage(List.of())
                : retained.findOwn(self.device(), filter);
    }

    void unsubscribe(Client client, MqttUnsubscribeMessage message) {
        List<MqttUnsubAckReasonCode> answers = new ArrayList<>();
        for (String filter : message.topics()) {
            client.filters().remove(filter);
            client.outbox().doNotWant(filter);
            answers.add(
                    subscriptions.remove(client, filter)
                            ? MqttUnsubAckReasonCode.SUCCESS
                            : MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED);
        }
        if (client.isMqtt5()) {
            client.endpoint().unsubscribeAcknowledge(message.messageId(), answers, MqttProperties.NO_PROPERTIES);
        } else {
            client.endpoint().unsubscribeAcknowledge(message.messageId());
        }
    }

    /**
     * Sends a message to all who listen.
     *
     * @return how many they are
     */
    int publish(String topic, byte[] payload) {
        Map<Client, Integer> listeners = subscriptions.listeners(topic);
        listeners.forEach((client, qos) -> client.deliver(topic, payload, qos));
        return listeners.size();
    }

    /**
     * Sends a message to all who listen, and in its other form to those clients of a device that listen to that one only.
     *
     * @return how many they are
     */
    int publish(String topic, byte[] payload, MqttDoor.Own own) {
        Set<Client> told = subscriptions.listeners(topic).keySet();
        int count = publish(topic, payload);
        for (Map.Entry<Client, Integer> other :
                subscriptions.listeners(own.device(), own.topic()).entrySet()) {
            if (!told.contains(other.getKey())) {
                other.getKey().deliver(own.topic(), own.payload(), other.getValue());
                count++;
            }
        }
        return count;
    }

    /** The client has gone. */
    void forget(Client client) {
        for (String filter : client.filters()) {
            subscriptions.remove(client, filter);
        }
    }
}
