package city.canopy.core.announce;

/** Where retained messages go out; the MQTT door is one. */
@FunctionalInterface
public interface Publisher {
    /**
     * Sends the newest state of a topic to its subscribers now. Must not block; any thread. A subscriber that comes
     * later asks {@link RetainedState}.
     *
     * @param payload the state; empty when the topic has none any more
     */
    void publish(String topic, byte[] payload);
}
