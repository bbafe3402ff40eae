package city.canopy.gateway.http;

import city.canopy.gateway.lwm2m.Refusal;
import city.canopy.gateway.store.StoreStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the gateway is doing, for its page.
 *
 * @param connected whether there is a connection to the service
 * @param since since when that has been so
 * @param catchingUp whether a backlog is being sent
 * @param configuration the version in use; -1 for none
 * @param devices how many live behind it
 * @param lwm2m how many LwM2M devices there are of each state, by its name in lower case
 * @param refusing how many LwM2M devices do not do all that their profiles want
 * @param refusals what they refuse; the first of them
 * @param mqttConnections devices at the local MQTT door
 * @param forwarded messages that the service has acknowledged since the start
 * @param certificateEnds when the gateway's certificate ends
 */
public record GatewayStatus(
        String gateway,
        String version,
        boolean connected,
        Instant since,
        boolean catchingUp,
        long configuration,
        int devices,
        Map<String, Long> lwm2m,
        int refusing,
        List<Refusal> refusals,
        int mqttConnections,
        long forwarded,
        Instant certificateEnds,
        StoreStatus store) {
    public GatewayStatus {
        lwm2m = Map.copyOf(lwm2m);
        refusals = List.copyOf(refusals);
    }
}
