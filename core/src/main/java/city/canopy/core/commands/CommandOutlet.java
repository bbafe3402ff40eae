package city.canopy.core.commands;

import city.canopy.devices.registry.Device;

/** Where commands leave the service. */
@FunctionalInterface
public interface CommandOutlet {
    /**
     * Sends a command to the gateway that its device is behind, or else to the device. Any thread; returns at once.
     *
     * @param taken is called where somebody listened; it must return at once
     */
    void send(Device device, IssuedCommand command, Runnable taken);
}
