package city.canopy.core.ingest.mqtt;

import city.canopy.devices.config.Key;

/** What one client may take of the MQTT door. Each bound pushes back to the sender. */
public record MqttLimits(
        @Key(
                value = "262144",
                doc =
                        "The longest MQTT packet in bytes, 1024 to 16777216; a longer one is refused at its header and the"
                                + " client disconnected.")
        int messageBytes,

        @Key(
                value = "128",
                doc = "The longest client id in characters, 23 to 1024; a longer one is refused at CONNECT.")
        int clientIdLength,

        @Key(
                value = "200",
                doc = "Messages of one client that may be on their way, 1 to 65535: announced to MQTT 5 as receive"
                        + " maximum; a client that passes it is disconnected; QoS 0 over it is dropped and counted.")
        int inFlight,

        @Key(
                value = "1048576",
                doc =
                        "Bytes of one client's messages that may be on their way, payloads and 256 bytes for each, 4096 or"
                                + " more; a client over it is not read from until half of them are committed.")
        int inFlightBytes,

        @Key(
                value = "1048576",
                doc =
                        "Bytes that may wait to be sent to one client, 4096 or more; a client that reads slower than that is"
                                + " disconnected.")
        int outboundBytes,

        @Key(
                value = "1000",
                doc =
                        "Messages that may wait to be sent to one subscriber; one that falls further behind is disconnected.")
        int outboundMessages,

        @Key(value = "50", doc = "Subscriptions of one client; one more is refused in its SUBACK.")
        int subscriptions) {

    /** Topic aliases that an MQTT 5 client may use. */
    public static final int TOPIC_ALIASES = 16;

    public MqttLimits {
        within("message_bytes", messageBytes, 1024, 16 << 20);
        within("client_id_length", clientIdLength, 23, 1024);
        within("in_flight", inFlight, 1, 65_535);
        within("in_flight_bytes", inFlightBytes, 4096, 1 << 30);
        within("outbound_bytes", outboundBytes, 4096, 1 << 30);
        within("outbound_messages", outboundMessages, 1, 1_000_000);
        within("subscriptions", subscriptions, 1, 10_000);
    }

    /** The limits as the documentation gives them. */
    public static MqttLimits defaults() {
        return new MqttLimits(262_144, 128, 200, 1 << 20, 1 << 20, 1000, 50);
    }

    static void within(String key, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(key + " must be " + low + " to " + high + ", not " + value);
        }
    }
}
