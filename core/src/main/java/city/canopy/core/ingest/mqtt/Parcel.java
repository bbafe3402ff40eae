package city.canopy.core.ingest.mqtt;

import city.canopy.core.ingest.Inbound;
import city.canopy.devices.codec.Refusal;
import city.canopy.devices.codec.RefusalCode;
import city.canopy.devices.envelope.Envelope;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.EnvelopeJson;
import city.canopy.devices.envelope.EnvelopeJson.EnvelopeException;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A gateway's message, unpacked: each envelope becomes a message of its own, as if its device had said it here. What is not
 * to be unpacked, or speaks for a device that does not live behind the gateway, is one as well and goes to quarantine under
 * the gateway's name: a message is acknowledged when all of it has found its place. Event loop only.
 */
final class Parcel {
    private final MqttDoor door;
    private final Rights rights;

    Parcel(MqttDoor door, Rights rights) {
        this.door = door;
        this.rights = rights;
    }

    /**
     * Unpacks a message.
     *
     * @param topic the one that it came on
     * @param slot what is owed for it; takes as many commits as there are parts
     * @return one at least
     */
    List<Inbound> unpack(DeviceId gateway, String topic, byte[] payload, Slot slot, Instant now) {
        List<Envelope> envelopes;
        try {
            envelopes = EnvelopeJson.read(gateway, payload);
        } catch (EnvelopeException e) {
            Refusal refusal = new Refusal(RefusalCode.UNDECODABLE, "not a message of envelopes: " + e.getMessage());
            return List.of(new Inbound(door, slot, topic, new Uplink(gateway, null, payload, now), refusal));
        }
        List<Inbound> parts = new ArrayList<>(envelopes.size());
        for (Envelope envelope : envelopes) {
            parts.add(inbound(envelope, slot, now));
        }
        EnvelopeId last = envelopes.get(envelopes.size() - 1).id();
        slot.split(parts.size(), last);
        return parts;
    }

    private Inbound inbound(Envelope envelope, Slot slot, Instant now) {
        DeviceId gateway = envelope.id().gateway();
        if (!rights.mayCarry(gateway, envelope.device(), envelope.topic())) {
            Refusal refusal = new Refusal(
                    RefusalCode.FOREIGN_DEVICE,
                    "the envelope " + envelope.id().sequence() + " speaks for " + envelope.device() + " on "
                            + envelope.topic() + ", and that device is not enrolled behind this gateway");
            Uplink uplink = new Uplink(gateway, envelope.contentType(), envelope.payload(), now, envelope.heardAt());
            return new Inbound(door, slot, envelope.topic(), uplink, refusal);
        }
        Uplink uplink =
                new Uplink(envelope.device(), envelope.contentType(), envelope.payload(), now, envelope.heardAt());
        return new Inbound(door, slot, envelope.topic(), uplink);
    }
}
