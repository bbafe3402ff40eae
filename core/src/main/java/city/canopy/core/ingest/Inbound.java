package city.canopy.core.ingest;

import city.canopy.devices.codec.Refusal;
import city.canopy.devices.model.Uplink;
import java.util.Objects;

/**
 * One message on its way from a door through the line: what was said, and whom to tell when it is safe.
 * Made by a door, owned by one partition from then on.
 */
public final class Inbound {
    private final Door door;
    private final Object sender;
    private final String topic;
    private final Uplink uplink;
    private final Refusal refusal;

    /**
     * @param door who took it in and will acknowledge it
     * @param sender the door's own note of where the acknowledgement goes (a connection and a packet id, a request)
     * @param topic the topic or path that it came on; kept for quarantine and trace
     * @param uplink the message; its device has proven who it is, or was named by a trusted broker
     */
    public Inbound(Door door, Object sender, String topic, Uplink uplink) {
        this(door, sender, topic, uplink, null);
    }

    /**
     * @param refusal why the door itself cannot take it for what it should be: it goes to quarantine with that; null for
     *     none
     */
    public Inbound(Door door, Object sender, String topic, Uplink uplink, Refusal refusal) {
        this.door = Objects.requireNonNull(door, "door");
        this.sender = sender;
        this.topic = Objects.requireNonNull(topic, "topic");
        this.uplink = Objects.requireNonNull(uplink, "uplink");
        this.refusal = refusal;
    }

    public Door door() {
        return door;
    }

    public Object sender() {
        return sender;
    }

    public String topic() {
        return topic;
    }

    public Uplink uplink() {
        return uplink;
    }

    /** Why the door cannot take it for what it should be, or null. */
    public Refusal refusal() {
        return refusal;
    }

    /** What it weighs against the line's bound, in bytes. */
    public int weight() {
        return uplink.payload().length + 256;
    }
}
