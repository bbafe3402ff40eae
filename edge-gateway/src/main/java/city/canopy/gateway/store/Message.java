package city.canopy.gateway.store;

import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.util.Objects;

/** One uplink on its way into the store. Immutable by agreement: nobody writes into {@link #payload()}. */
public final class Message {
    /** The longest media type in characters. */
    public static final int MAX_TYPE = 255;

    private final DeviceId device;
    private final String topic;
    private final String contentType;
    private final byte[] payload;

    /**
     * @param device who said it; proven by the credential
     * @param topic the MQTT topic that it came on, or {@code /lwm2m}
     * @param contentType its media type, or null
     * @param payload the bytes as they came; not copied
     */
    public Message(DeviceId device, String topic, String contentType, byte[] payload) {
        this.device = Objects.requireNonNull(device, "device");
        this.topic = Objects.requireNonNull(topic, "topic");
        this.contentType = contentType;
        this.payload = Objects.requireNonNull(payload, "payload");
    }

    /**
     * Whether it fits into an envelope. The service would never take one that does not, and all behind it would wait: so it
     * must not be kept.
     */
    boolean isForwardable() {
        return payload.length <= EnvelopeJson.MAX_PAYLOAD
                && topic.length() <= Topics.MAX_LENGTH
                && (contentType == null || contentType.length() <= MAX_TYPE);
    }

    public DeviceId device() {
        return device;
    }

    public String topic() {
        return topic;
    }

    /** The media type, or null. */
    public String contentType() {
        return contentType;
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] payload() {
        return payload;
    }
}
