package city.canopy.core.announce;

import java.util.Objects;

/**
 * The state that a topic keeps for those who subscribe later.
 *
 * @param payload not copied; nobody writes into it. Empty: the state is gone
 */
@SuppressWarnings("ArrayRecordComponent")
public record RetainedMessage(String topic, byte[] payload) {
    public RetainedMessage {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(payload, "payload");
    }
}
