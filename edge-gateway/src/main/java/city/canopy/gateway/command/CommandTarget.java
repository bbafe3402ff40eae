package city.canopy.gateway.command;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandReply;
import java.util.function.Consumer;

/** One way to a device: LwM2M or the local MQTT door. Any thread. */
public interface CommandTarget {
    /** Whether this device is reached here. */
    boolean reaches(Command command);

    /**
     * Does it, now or when the device wakes. Never blocks. A command that was taken before (by id) is not done twice. What
     * waits survives a restart of the gateway, and is tried until it expires.
     *
     * @param replies is told of each step, the last of which is final; any thread
     */
    void send(Command command, Consumer<CommandReply> replies);
}
