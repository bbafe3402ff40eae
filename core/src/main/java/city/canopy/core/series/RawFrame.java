package city.canopy.core.series;

import java.util.Objects;

/**
 * One message as it came in, kept so that every reading can be traced back to the bytes. Immutable by agreement: nobody
 * writes into {@link #payload()}.
 */
public final class RawFrame {
    private final String device;
    private final String topic;
    private final String contentType;
    private final long receivedAtMicros;
    private final byte[] payload;

    /**
     * @param device who said it
     * @param topic the topic or path that it came on
     * @param contentType its media type, or null
     * @param receivedAtMicros receipt time in microseconds since 1970-01-01 UTC
     * @param payload the untouched bytes; not copied
     */
    public RawFrame(String device, String topic, String contentType, long receivedAtMicros, byte[] payload) {
        this.device = Objects.requireNonNull(device, "device");
        this.topic = Objects.requireNonNull(topic, "topic");
        this.contentType = contentType;
        this.receivedAtMicros = receivedAtMicros;
        this.payload = Objects.requireNonNull(payload, "payload");
    }

    public String device() {
        return device;
    }

    public String topic() {
        return topic;
    }

    /** The media type, or null. */
    public String contentType() {
        return contentType;
    }

    public long receivedAtMicros() {
        return receivedAtMicros;
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] payload() {
        return payload;
    }
}
