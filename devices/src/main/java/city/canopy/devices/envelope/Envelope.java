package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.util.Objects;

/**
 * What a gateway heard from one device, untouched, on its way to the service. Immutable by agreement: nobody writes into
 * {@link #payload()}.
 */
public final class Envelope {
    private final EnvelopeId id;
    private final DeviceId device;
    private final String topic;
    private final String contentType;
    private final Instant heardAt;
    private final Instant clockAt;
    private final byte[] payload;

    /**
     * @param device who said it; proven to the gateway by the device's credential
     * @param topic the MQTT topic that it came on, or a path such as {@code /lwm2m}
     * @param contentType its media type, or null where the way in has none
     * @param heardAt when the gateway heard it, as far as it knows the time now
     * @param clockAt what the gateway's clock said then; another time than {@code heardAt} where the clock was wrong
     * @param payload the bytes as they came; not copied
     */
    public Envelope(
            EnvelopeId id,
            DeviceId device,
            String topic,
            String contentType,
            Instant heardAt,
            Instant clockAt,
            byte[] payload) {
        this.id = Objects.requireNonNull(id, "id");
        this.device = Objects.requireNonNull(device, "device");
        this.topic = Objects.requireNonNull(topic, "topic");
        this.contentType = contentType;
        this.heardAt = Objects.requireNonNull(heardAt, "heardAt");
        this.clockAt = Objects.requireNonNull(clockAt, "clockAt");
        this.payload = Objects.requireNonNull(payload, "payload");
    }

    public EnvelopeId id() {
        return id;
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

    public Instant heardAt() {
        return heardAt;
    }

    public Instant clockAt() {
        return clockAt;
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] payload() {
        return payload;
    }
}
