package city.canopy.core.ingest.mqtt;

import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.util.Locale;

/** Why the door ended a connection; each is counted, and told to an MQTT 5 client by its reason code. */
enum Cause {
    /** A packet that is not MQTT. */
    MALFORMED(MqttDisconnectReasonCode.MALFORMED_PACKET),
    /** A packet that may not come here or now. */
    PROTOCOL_ERROR(MqttDisconnectReasonCode.PROTOCOL_ERROR),
    /** A packet longer than the bound. */
    TOO_LARGE(MqttDisconnectReasonCode.PACKET_TOO_LARGE),
    /** QoS 2 from MQTT 5, which was told that 1 is the highest. */
    QOS_NOT_SUPPORTED(MqttDisconnectReasonCode.QOS_NOT_SUPPORTED),
    /** An alias that was not announced or not set. */
    TOPIC_ALIAS(MqttDisconnectReasonCode.TOPIC_ALIAS_INVALID),
    /** A subscription identifier, which was announced as unavailable. */
    SUBSCRIPTION_IDENTIFIER(MqttDisconnectReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED),
    /** More unacknowledged messages than the bound. */
    RECEIVE_MAXIMUM(MqttDisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED),
    /** A 3.1.1 client published where it may not, and 3.1.1 has no other way to say so. */
    NOT_AUTHORIZED(MqttDisconnectReasonCode.NOT_AUTHORIZED),
    /** More requests that must be answered at once than anybody needs. */
    TOO_FAST(MqttDisconnectReasonCode.MESSAGE_RATE_TOO_HIGH),
    /** It did not read what was sent to it. */
    SLOW_READER(MqttDisconnectReasonCode.QUOTA_EXCEEDED),
    /** Nothing came for one and a half times its keep-alive. */
    KEEP_ALIVE(MqttDisconnectReasonCode.KEEP_ALIVE_TIMEOUT),
    /** The same client connected anew. */
    TAKEN_OVER(MqttDisconnectReasonCode.SESSION_TAKEN_OVER),
    /** The same credential has opened more connections than it may; this was its oldest. */
    TOO_MANY_OF_CREDENTIAL(MqttDisconnectReasonCode.QUOTA_EXCEEDED),
    /** Its credential is no longer valid. */
    REVOKED(MqttDisconnectReasonCode.NOT_AUTHORIZED),
    /** The service stops. */
    SHUTTING_DOWN(MqttDisconnectReasonCode.SERVER_SHUTTING_DOWN),
    /** Something failed on our side. */
    FAILED(MqttDisconnectReasonCode.UNSPECIFIED_ERROR),
    /** No complete CONNECT within the time; nothing is told. */
    CONNECT_TIMEOUT(MqttDisconnectReasonCode.MAXIMUM_CONNECT_TIME),
    /** Too many connections, and this one had not logged in or was the last to come; nothing is told. */
    TOO_MANY(MqttDisconnectReasonCode.SERVER_BUSY);

    private final MqttDisconnectReasonCode code;

    Cause(MqttDisconnectReasonCode code) {
        this.code = code;
    }

    MqttDisconnectReasonCode code() {
        return code;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
