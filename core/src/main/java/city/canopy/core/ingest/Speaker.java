package city.canopy.core.ingest;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;

/** Which device a trusted third party speaks for: the one that its topic names. */
public final class Speaker {
    private Speaker() {}

    /**
     * The device that a topic names; for a topic that names none, such as Frigate's, the third party itself.
     *
     * @param topic what was published to
     * @param thirdParty the name of the integration or broker
     * @return the device, or null when neither the topic nor the third party's name gives one
     */
    public static DeviceId of(String topic, String thirdParty) {
        Topics.Parsed parsed = Topics.parse(topic);
        if (parsed instanceof Topics.Telemetry telemetry) {
            return telemetry.device();
        } else if (parsed instanceof Topics.Status status) {
            return status.device();
        } else if (parsed instanceof Topics.CommandReply reply) {
            return reply.device();
        } else if (parsed instanceof Topics.ChirpStack chirpStack) {
            return chirpStack.devEui();
        } else if (parsed instanceof Topics.TheThingsStack theThingsStack) {
            return theThingsStack.device();
        } else if (parsed instanceof Topics.GatewayUplink uplink) {
            return uplink.gateway();
        }
        return DeviceId.isValid(thirdParty) ? new DeviceId(thirdParty) : null;
    }
}
