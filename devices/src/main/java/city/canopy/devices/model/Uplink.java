package city.canopy.devices.model;

import java.time.Instant;
import java.util.Objects;

/** What one device said in one message: the untouched bytes and what is known about them. Immutable by agreement:
 * nobody writes into {@link #payload()}. */
public final class Uplink {
    private final DeviceId device;
    private final String contentType;
    private final byte[] payload;
    private final Instant receivedAt;
    private final Instant heardAt;

    /**
     * @param device who said it; proven by the credential, never by the payload
     * @param contentType the media type that came with it, or null where the way in has none
     * @param payload the bytes as they came; not copied
     * @param receivedAt when they came in
     */
    public Uplink(DeviceId device, String contentType, byte[] payload, Instant receivedAt) {
        this(device, contentType, payload, receivedAt, null);
    }

    /**
     * What came by a gateway that kept it.
     *
     * @param heardAt when the gateway heard it: the same each time that it sends the message; null where there is none
     */
    public Uplink(DeviceId device, String contentType, byte[] payload, Instant receivedAt, Instant heardAt) {
        this.device = Objects.requireNonNull(device, "device");
        this.contentType = contentType;
        this.payload = Objects.requireNonNull(payload, "payload");
        this.receivedAt = Objects.requireNonNull(receivedAt, "receivedAt");
        this.heardAt = heardAt;
    }

    public DeviceId device() {
        return device;
    }

    /** The media type, or null. */
    public String contentType() {
        return contentType;
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] payload() {
        return payload;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    /** When the device said it, as far as is known without looking inside: when its gateway heard it, else when it came. */
    public Instant saidAt() {
        return heardAt == null ? receivedAt : heardAt;
    }

    /** Whether {@link #saidAt} is the same when the message comes twice, so that even a value without a time is known again. */
    public boolean isStamped() {
        return heardAt != null;
    }
}
