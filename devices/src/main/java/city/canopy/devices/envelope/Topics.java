package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;

/**
 * Every MQTT topic that Canopy speaks, read and written in one place; both ends use this class. Reading a topic uses
 * no regular expression and makes no garbage but its answer. Any thread.
 *
 * <p>Names inside topics are {@code [A-Za-z0-9._:-]{1,64}}. A topic that is none of these, has a name of another shape,
 * or is longer than {@value #MAX_LENGTH} characters is {@link Unknown}: never an exception.
 */
public final class Topics {
    /** The longest topic that is looked at, in characters. */
    public static final int MAX_LENGTH = 512;

    /** ThingsBoard's fixed topic for a device's own telemetry. */
    public static final String MY_TELEMETRY = "v1/devices/me/telemetry";
    /** ThingsBoard's fixed topic for a device's own attributes. */
    public static final String MY_ATTRIBUTES = "v1/devices/me/attributes";
    /** The filter by which a device asks for its commands in ThingsBoard's form. */
    public static final String MY_RPC_REQUESTS = "v1/devices/me/rpc/request/+";
    /** Frigate's events. */
    public static final String FRIGATE_EVENTS = "frigate/events";
    /** Frigate's reviews. */
    public static final String FRIGATE_REVIEWS = "frigate/reviews";

    private static final String DEVICES = "canopy/v1/devices/";
    private static final String GATEWAYS = "canopy/v1/gateways/";
    private static final String TICKETS = "canopy/v1/tickets/";
    private static final String CREWS = "canopy/v1/crews/";
    private static final String RPC_REQUEST = "v1/devices/me/rpc/request/";
    private static final String RPC_RESPONSE = "v1/devices/me/rpc/response/";
    private static final String CHIRPSTACK = "application/";
    private static final String THE_THINGS_STACK = "v3/";

    private Topics() {}

    /** What a topic says. */
    public sealed interface Parsed {}

    /** {@code canopy/v1/devices/{device}/telemetry}, from the device. */
    public record Telemetry(DeviceId device) implements Parsed {}

    /** {@code canopy/v1/devices/{device}/status}, from the device or its last will. */
    public record Status(DeviceId device) implements Parsed {}

    /** {@code canopy/v1/devices/{device}/commands}, to the device. */
    public record Commands(DeviceId device) implements Parsed {}

    /** {@code canopy/v1/devices/{device}/commands/{command}/reply}, from the device. */
    public record CommandReply(DeviceId device, String command) implements Parsed {}

    /** {@code canopy/v1/gateways/{gateway}/uplink}, from the gateway. */
    public record GatewayUplink(DeviceId gateway) implements Parsed {}

    /** {@code canopy/v1/gateways/{gateway}/config}, to the gateway, retained. */
    public record GatewayConfig(DeviceId gateway) implements Parsed {}

    /** {@code canopy/v1/gateways/{gateway}/commands}, to the gateway: commands for the devices behind it. */
    public record GatewayCommands(DeviceId gateway) implements Parsed {}

    /** {@value Topics#MY_TELEMETRY}, from the device that the credential names. */
    public record MyTelemetry() implements Parsed {}

    /** {@value Topics#MY_ATTRIBUTES}, from or to the device that the credential names. */
    public record MyAttributes() implements Parsed {}

    /** {@code v1/devices/me/rpc/request/{request}}: to the device, or from it where the device asks. */
    public record MyRpcRequest(String request) implements Parsed {}

    /** {@code v1/devices/me/rpc/response/{request}}: from the device, or to it where the device asked. */
    public record MyRpcResponse(String request) implements Parsed {}

    /** {@code application/{application}/device/{devEui}/event/{type}}, from ChirpStack v3 or v4. */
    public record ChirpStack(String application, DeviceId devEui, String type) implements Parsed {}

    /** {@code v3/{application}@{tenant}/devices/{device}/up}, from The Things Stack. */
    public record TheThingsStack(String application, String tenant, DeviceId device) implements Parsed {}

    /** {@value Topics#FRIGATE_EVENTS}. */
    public record FrigateEvents() implements Parsed {}

    /** {@value Topics#FRIGATE_REVIEWS}. */
    public record FrigateReviews() implements Parsed {}

    /** {@code canopy/v1/tickets/{ticket}}, to subscribers, retained. */
    public record Ticket(String ticket) implements Parsed {}

    /** {@code canopy/v1/crews/{crew}/tasks}, to subscribers, retained. */
    public record CrewTasks(String crew) implements Parsed {}

    /** {@code canopy/v1/crews/{crew}/position}, from a phone or tracker on shift. */
    public record CrewPosition(String crew) implements Parsed {}

    /** None of ours. */
    public record Unknown(String topic) implements Parsed {}

    /** Reads a topic; never fails. */
    public static Parsed parse(String topic) {
        Parsed parsed = topic.length() > MAX_LENGTH ? null : find(topic);
        return parsed == null ? new Unknown(topic) : parsed;
    }

    private static Parsed find(String topic) {
        if (topic.startsWith(DEVICES)) {
            return ofDevice(topic);
        }
        if (topic.startsWith("canopy/v1/")) {
            return ofCanopy(topic);
        }
        if (topic.startsWith("v1/devices/me/")) {
            return ofMe(topic);
        }
        if (topic.startsWith(CHIRPSTACK)) {
            return ofChirpStack(topic);
        }
        if (topic.startsWith(THE_THINGS_STACK)) {
            return ofTheThingsStack(topic);
        }
        return switch (topic) {
            case FRIGATE_EVENTS -> new FrigateEvents();
            case FRIGATE_REVIEWS -> new FrigateReviews();
            default -> null;
        };
    }

    private static Parsed ofDevice(String topic) {
        int end = topic.indexOf('/', DEVICES.length());
        String id = name(topic, DEVICES.length(), end);
        if (id == null) {
            return null;
        }
        if (topic.startsWith("telemetry", end + 1) && topic.length() == end + 10) {
            return new Telemetry(new DeviceId(id));
        }
        if (topic.startsWith("status", end + 1) && topic.length() == end + 7) {
            return new Status(new DeviceId(id));
        }
        if (!topic.startsWith("commands", end + 1)) {
            return null;
        }
        int afterCommands = end + 9;
        if (topic.length() == afterCommands) {
            return new Commands(new DeviceId(id));
        }
        if (topic.charAt(afterCommands) != '/') {
            return null;
        }
        String command = nameBefore(topic, afterCommands + 1, "/reply");
        return command == null ? null : new CommandReply(new DeviceId(id), command);
    }

    private static Parsed ofCanopy(String topic) {
        if (topic.startsWith(GATEWAYS)) {
            return ofGateway(topic);
        }
        if (topic.startsWith(TICKETS)) {
            String ticket = nameBefore(topic, TICKETS.length(), "");
            return ticket == null ? null : new Ticket(ticket);
        }
        if (topic.startsWith(CREWS)) {
            String tasks = nameBefore(topic, CREWS.length(), "/tasks");
            if (tasks != null) {
                return new CrewTasks(tasks);
            }
            String position = nameBefore(topic, CREWS.length(), "/position");
            return position == null ? null : new CrewPosition(position);
        }
        return null;
    }

    private static Parsed ofGateway(String topic) {
        int end = topic.indexOf('/', GATEWAYS.length());
        String gateway = name(topic, GATEWAYS.length(), end);
        if (gateway == null) {
            return null;
        }
        return switch (topic.substring(end)) {
            case "/uplink" -> new GatewayUplink(new DeviceId(gateway));
            case "/config" -> new GatewayConfig(new DeviceId(gateway));
            case "/commands" -> new GatewayCommands(new DeviceId(gateway));
            default -> null;
        };
    }

    private static Parsed ofMe(String topic) {
        if (topic.equals(MY_TELEMETRY)) {
            return new MyTelemetry();
        }
        if (topic.equals(MY_ATTRIBUTES)) {
            return new MyAttributes();
        }
        if (topic.startsWith(RPC_REQUEST)) {
            String request = nameBefore(topic, RPC_REQUEST.length(), "");
            return request == null ? null : new MyRpcRequest(request);
        }
        if (topic.startsWith(RPC_RESPONSE)) {
            String request = nameBefore(topic, RPC_RESPONSE.length(), "");
            return request == null ? null : new MyRpcResponse(request);
        }
        return null;
    }

    private static Parsed ofChirpStack(String topic) {
        int endOfApplication = topic.indexOf('/', CHIRPSTACK.length());
        String application = name(topic, CHIRPSTACK.length(), endOfApplication);
        if (application == null || !topic.startsWith("/device/", endOfApplication)) {
            return null;
        }
        int device = endOfApplication + "/device/".length();
        int endOfDevice = topic.indexOf('/', device);
        String devEui = name(topic, device, endOfDevice);
        if (devEui == null || !topic.startsWith("/event/", endOfDevice)) {
            return null;
        }
        String type = nameBefore(topic, endOfDevice + "/event/".length(), "");
        return type == null ? null : new ChirpStack(application, new DeviceId(devEui), type);
    }

    private static Parsed ofTheThingsStack(String topic) {
        int at = topic.indexOf('@', THE_THINGS_STACK.length());
        String application = name(topic, THE_THINGS_STACK.length(), at);
        if (application == null) {
            return null;
        }
        int endOfTenant = topic.indexOf('/', at);
        String tenant = name(topic, at + 1, endOfTenant);
        if (tenant == null || !topic.startsWith("/devices/", endOfTenant)) {
            return null;
        }
        String device = nameBefore(topic, endOfTenant + "/devices/".length(), "/up");
        return device == null ? null : new TheThingsStack(application, tenant, new DeviceId(device));
    }

    /** The name between {@code start} and {@code end}, or null where it has not the shape of one. */
    private static String name(String topic, int start, int end) {
        return DeviceId.isValid(topic, start, end) ? topic.substring(start, end) : null;
    }

    /** The name that stands from {@code start} until {@code tail}, which ends the topic; else null. */
    private static String nameBefore(String topic, int start, String tail) {
        return topic.endsWith(tail) ? name(topic, start, topic.length() - tail.length()) : null;
    }

    /** {@code canopy/v1/devices/{device}/telemetry}. */
    public static String telemetry(DeviceId device) {
        return DEVICES + device + "/telemetry";
    }

    /** {@code canopy/v1/devices/{device}/status}. */
    public static String status(DeviceId device) {
        return DEVICES + device + "/status";
    }

    /** {@code canopy/v1/devices/{device}/commands}. */
    public static String commands(DeviceId device) {
        return DEVICES + device + "/commands";
    }

    /** {@code canopy/v1/devices/{device}/commands/{command}/reply}. */
    public static String commandReply(DeviceId device, String command) {
        return DEVICES + device + "/commands/" + checked(command) + "/reply";
    }

    /** {@code canopy/v1/gateways/{gateway}/uplink}. */
    public static String gatewayUplink(DeviceId gateway) {
        return GATEWAYS + gateway + "/uplink";
    }

    /** {@code canopy/v1/gateways/{gateway}/config}. */
    public static String gatewayConfig(DeviceId gateway) {
        return GATEWAYS + gateway + "/config";
    }

    /** {@code canopy/v1/gateways/{gateway}/commands}. */
    public static String gatewayCommands(DeviceId gateway) {
        return GATEWAYS + gateway + "/commands";
    }

    /** {@code v1/devices/me/rpc/request/{request}}. */
    public static String myRpcRequest(String request) {
        return RPC_REQUEST + checked(request);
    }

    /** {@code v1/devices/me/rpc/response/{request}}. */
    public static String myRpcResponse(String request) {
        return RPC_RESPONSE + checked(request);
    }

    /** {@code application/{application}/device/{devEui}/event/{type}}. */
    public static String chirpStack(String application, DeviceId devEui, String type) {
        return CHIRPSTACK + checked(application) + "/device/" + devEui + "/event/" + checked(type);
    }

    /** {@code v3/{application}@{tenant}/devices/{device}/up}. */
    public static String theThingsStack(String application, String tenant, DeviceId device) {
        return THE_THINGS_STACK + checked(application) + "@" + checked(tenant) + "/devices/" + device + "/up";
    }

    /** {@code canopy/v1/tickets/{ticket}}. */
    public static String ticket(String ticket) {
        return TICKETS + checked(ticket);
    }

    /** {@code canopy/v1/crews/{crew}/tasks}. */
    public static String crewTasks(String crew) {
        return CREWS + checked(crew) + "/tasks";
    }

    /** {@code canopy/v1/crews/{crew}/position}. */
    public static String crewPosition(String crew) {
        return CREWS + checked(crew) + "/position";
    }

    private static String checked(String name) {
        return new DeviceId(name).value();
    }
}
