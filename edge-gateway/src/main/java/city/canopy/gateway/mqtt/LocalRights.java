package city.canopy.gateway.mqtt;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;

/** Where a device may speak and listen at the gateway: as itself, as at the service's own door. */
final class LocalRights {
    private static final String ME = "v1/devices/me/";

    private LocalRights() {}

    static boolean mayPublish(DeviceId self, String topic) {
        if (topic.startsWith(ME) && topic.length() <= Topics.MAX_LENGTH) {
            return true;
        }
        Topics.Parsed parsed = Topics.parse(topic);
        if (parsed instanceof Topics.Telemetry telemetry) {
            return telemetry.device().equals(self);
        } else if (parsed instanceof Topics.Status status) {
            return status.device().equals(self);
        }
        return parsed instanceof Topics.CommandReply reply && reply.device().equals(self);
    }

    static boolean maySubscribe(DeviceId self, String filter) {
        return filter.equals(Topics.commands(self))
                || filter.equals(Topics.MY_ATTRIBUTES)
                || filter.equals(Topics.MY_RPC_REQUESTS);
    }

    /** Whether the filter asks for commands in ThingsBoard's form. */
    static boolean isRpc(String filter) {
        return filter.equals(Topics.MY_RPC_REQUESTS);
    }
}
