package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.Principal;
import city.canopy.core.ingest.Speaker;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.TopicFilter;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.util.Objects;

/**
 * Who may publish where, and who may see what. A device speaks and listens as itself, a gateway for the devices behind
 * it, an integration on its list of topics; people and programs with an API token see tickets and publish nothing.
 * Any thread; never blocks.
 */
final class Rights {
    /** How the topics begin that mean the device which uses them, whoever that is. */
    static final String ME = "v1/devices/me/";

    private static final String LWM2M = "/lwm2m";
    private static final String TICKETS = "canopy/v1/tickets/";
    private static final String MY_RPC_RESPONSES = "v1/devices/me/rpc/response/+";
    private static final String MY_ATTRIBUTE_RESPONSES = "v1/devices/me/attributes/response/+";

    private final Gateways gateways;

    Rights(Gateways gateways) {
        this.gateways = Objects.requireNonNull(gateways, "gateways");
    }

    /**
     * Whom a message on this topic is from.
     *
     * @return the device, or null when this sender may not publish there
     */
    DeviceId speaker(Principal sender, String topic) {
        if (sender instanceof Principal.OfDevice device) {
            return ofDevice(device.device(), topic);
        } else if (sender instanceof Principal.OfGateway gateway) {
            return ofGateway(gateway.id(), topic);
        } else if (sender instanceof Principal.OfIntegration integration) {
            return ofIntegration(integration, topic);
        }
        return null;
    }

    private static DeviceId ofDevice(DeviceId self, String topic) {
        // ThingsBoard firmware asks for more than is known here (shared attributes, updates, claims). It is told so in
        // quarantine; a client of MQTT 3.1.1 would otherwise be disconnected for it, come again and ask again.
        if (topic.startsWith(ME) && topic.length() <= Topics.MAX_LENGTH) {
            return self;
        }
        Topics.Parsed parsed = Topics.parse(topic);
        return self.equals(named(parsed)) ? self : null;
    }

    /** The device that a topic of the {@code canopy/v1/devices} tree is written by, or null for other topics. */
    private static DeviceId named(Topics.Parsed parsed) {
        if (parsed instanceof Topics.Telemetry telemetry) {
            return telemetry.device();
        } else if (parsed instanceof Topics.Status status) {
            return status.device();
        } else if (parsed instanceof Topics.CommandReply reply) {
            return reply.device();
        }
        return null;
    }

    private DeviceId ofGateway(String gateway, String topic) {
        Topics.Parsed parsed = Topics.parse(topic);
        if (parsed instanceof Topics.GatewayUplink uplink) {
            return uplink.gateway().value().equals(gateway) ? uplink.gateway() : null;
        }
        if (parsed instanceof Topics.MyAttributes) {
            return new DeviceId(gateway);
        }
        DeviceId device = named(parsed);
        if (device == null) {
            return null;
        }
        return device.value().equals(gateway) || gateways.isBehind(device, gateway) ? device : null;
    }

    /** Whether a gateway may hand on what this device said on this topic: its own, and that of what came by LwM2M. */
    boolean mayCarry(DeviceId gateway, DeviceId device, String topic) {
        boolean its = device.equals(gateway) || gateways.isBehind(device, gateway.value());
        return its && (topic.equals(LWM2M) || device.equals(ofDevice(device, topic)));
    }

    /** All envelopes of a gateway's message are committed. */
    void committed(EnvelopeId last) {
        gateways.committed(last);
    }

    private static DeviceId ofIntegration(Principal.OfIntegration integration, String topic) {
        for (String filter : integration.topics()) {
            if (TopicFilter.matches(filter, topic)) {
                return Speaker.of(topic, integration.name());
            }
        }
        return null;
    }

    /** Whether this subscriber may see all that the filter matches. */
    boolean maySubscribe(Principal subscriber, String filter) {
        if (subscriber instanceof Principal.OfDevice device) {
            return filter.equals(Topics.commands(device.device()))
                    || filter.equals(Topics.MY_ATTRIBUTES)
                    || filter.equals(Topics.MY_RPC_REQUESTS)
                    || filter.equals(MY_RPC_RESPONSES)
                    || filter.equals(MY_ATTRIBUTE_RESPONSES);
        } else if (subscriber instanceof Principal.OfGateway gateway) {
            return mayHear(gateway.id(), Topics.parse(filter));
        } else if (subscriber instanceof Principal.OfUser) {
            return filter.equals(TICKETS + "#")
                    || filter.equals(TICKETS + "+")
                    || Topics.parse(filter) instanceof Topics.Ticket;
        }
        return false;
    }

    private boolean mayHear(String gateway, Topics.Parsed topic) {
        if (topic instanceof Topics.GatewayConfig config) {
            return config.gateway().value().equals(gateway);
        } else if (topic instanceof Topics.GatewayCommands commands) {
            return commands.gateway().value().equals(gateway);
        }
        return topic instanceof Topics.Commands commands
                && (commands.device().value().equals(gateway) || gateways.isBehind(commands.device(), gateway));
    }
}
