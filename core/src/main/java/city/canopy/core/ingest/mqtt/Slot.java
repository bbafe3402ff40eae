package city.canopy.core.ingest.mqtt;

/**
 * The door's note of one message on its way: whose it is and what is owed for it. Written by the event loop alone; the
 * line carries it untouched.
 */
final class Slot {
    final Client client;
    final int packetId;
    /** 0, 1 or 2. */
    final int qos;
    /** The reason code that the acknowledgement bears; 0 is success. */
    final byte reason;
    /** Whether the acknowledgement may go, once all before it have gone. */
    boolean settled;

    Slot(Client client, int packetId, int qos, byte reason) {
        this.client = client;
        this.packetId = packetId;
        this.qos = qos;
        this.reason = reason;
    }
}
