package city.canopy.core.commands;

/** Where commands leave the service. */
@FunctionalInterface
public interface CommandOutlet {
    /**
     * Sends it to who listens on the topic. Any thread; returns at once.
     *
     * @param taken is called where somebody listened; it must return at once
     */
    void publish(String topic, byte[] payload, Runnable taken);
}
