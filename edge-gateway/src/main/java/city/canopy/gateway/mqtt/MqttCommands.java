package city.canopy.gateway.mqtt;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.command.CommandTarget;
import city.canopy.gateway.store.StateStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands for devices at the local MQTT door. Each is sent when its device listens, and again each time that it comes back,
 * until the device has replied or the command has expired. The device replies itself. Any thread.
 */
public final class MqttCommands implements CommandTarget {
    /** The most commands that wait for one device. */
    public static final int MAX_WAITING = 32;

    private static final Logger log = LoggerFactory.getLogger(MqttCommands.class);
    private static final String SPACE = "mqtt-commands";

    private final LocalMqttDoor door;
    private final StateStore state;
    private final Clock clock;
    /** By device and id; what has been sent is in it until it is answered. */
    private final Map<DeviceId, Map<String, Command>> waiting = new LinkedHashMap<>();

    public MqttCommands(LocalMqttDoor door, StateStore state, Clock clock) {
        this.door = door;
        this.state = state;
        this.clock = clock;
        state.list(SPACE).forEach((id, bytes) -> load(id, bytes));
        door.whenListening(this::listening);
        door.whenReplied(this::replied);
    }

    private void load(String id, byte[] bytes) {
        try {
            Command command = CommandJson.command(bytes);
            waiting.computeIfAbsent(command.device(), fresh -> new LinkedHashMap<>())
                    .put(id, command);
        } catch (CommandException e) {
            log.warn("a command that was kept cannot be read and is dropped: {}", e.getMessage());
            state.remove(SPACE, id);
        }
    }

    @Override
    public boolean reaches(Command command) {
        return command.lwm2m().isEmpty();
    }

    @Override
    public void send(Command command, Consumer<CommandReply> replies) {
        synchronized (this) {
            dropExpired();
            Map<String, Command> ofDevice = waiting.computeIfAbsent(command.device(), fresh -> new LinkedHashMap<>());
            if (ofDevice.containsKey(command.id())) {
                return;
            }
            if (ofDevice.size() >= MAX_WAITING) {
                replies.accept(new CommandReply(
                        command.id(),
                        State.FAILED,
                        MAX_WAITING + " commands wait for this device already",
                        null,
                        clock.instant()));
                return;
            }
            ofDevice.put(command.id(), command);
        }
        state.put(SPACE, command.id(), CommandJson.write(command));
        door.send(command, sent -> {
            if (!sent) {
                replies.accept(new CommandReply(
                        command.id(), State.WAITING, "the device is not connected", null, clock.instant()));
            }
        });
    }

    private void listening(DeviceId device) {
        List<Command> again;
        synchronized (this) {
            dropExpired();
            again = new ArrayList<>(waiting.getOrDefault(device, Map.of()).values());
        }
        again.forEach(command -> door.send(command, sent -> log.debug("sent again: {}, {}", command.id(), sent)));
    }

    /** @param named the command's id, or its number in ThingsBoard's form */
    private synchronized void replied(DeviceId device, String named) {
        Map<String, Command> ofDevice = waiting.getOrDefault(device, Map.of());
        ofDevice.values().removeIf(command -> {
            boolean isIt = command.id().equals(named) || command.rpcRequest().equals(named);
            if (isIt) {
                state.remove(SPACE, command.id());
            }
            return isIt;
        });
    }

    /** The service says by itself that they have expired. */
    private void dropExpired() {
        Instant now = clock.instant();
        waiting.values()
                .forEach(ofDevice -> ofDevice.values().removeIf(command -> {
                    boolean over = !command.expiresAt().isAfter(now);
                    if (over) {
                        state.remove(SPACE, command.id());
                    }
                    return over;
                }));
        waiting.values().removeIf(Map::isEmpty);
    }
}
