package city.canopy.core.ingest.mqtt;

import city.canopy.devices.envelope.EnvelopeId;

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
    /** How many of its parts are not safe yet: a gateway's message has as many as it has envelopes. */
    private int parts = 1;

    private EnvelopeId last;

    Slot(Client client, int packetId, int qos, byte reason) {
        this.client = client;
        this.packetId = packetId;
        this.qos = qos;
        this.reason = reason;
    }

    /**
     * From now on it takes so many commits until it is settled.
     *
     * @param last the last envelope of the message
     */
    void split(int parts, EnvelopeId last) {
        this.parts = parts;
        this.last = last;
    }

    /** The last envelope of a gateway's message; null for others. */
    EnvelopeId last() {
        return last;
    }

    /** One part is safe; whether all are. */
    boolean partSettled() {
        parts--;
        settled = parts <= 0;
        return settled;
    }
}
