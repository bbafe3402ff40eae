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

    /**
     * @param device who said it; proven by the credential, never by the payload
     * @param contentType the media type that came with it, or null where the way in has none
     * @param payload the bytes as they came; not copied
     * @param receivedAt when they came in
     */
    public Uplink(DeviceId device, String contentType, byte[] payload, Instant receivedAt) {
        this.device = Objects.requireNonNull(device, "device");
        this.contentType = contentType;
        this.payload = Objects.requireNonNull(payload, "payload");
        this.receivedAt = Objects.requireNonNull(receivedAt, "receivedAt");
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
}
