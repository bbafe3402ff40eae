package city.canopy.core.ingest.mqtt;

import city.canopy.devices.model.DeviceId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The state that a new subscriber is told first. It lives in tables, not in the door. */
public interface RetainedState {
    /**
     * A topic and what it says now.
     *
     * @param topic without wildcards
     * @param payload the bytes; not to be written to
     * @param replaced whether what is sent live on the topic meanwhile stands in its place; where each message counts,
     *     such as commands, it does not
     */
    record Retained(String topic, byte[] payload, boolean replaced) {
        /** The one state of its topic. */
        public Retained(String topic, byte[] payload) {
            this(topic, payload, true);
        }
    }

    /** Nothing is retained. */
    static RetainedState none() {
        return filter -> CompletableFuture.completedStage(List.of());
    }

    /**
     * Finds what matches a topic filter. Called on the door's event loop: must not block, so what reads a database
     * answers from a thread of its own. A state that was changed before {@link MqttDoor#publish} was called for it must
     * be found changed by any later call.
     *
     * @param filter a valid topic filter that the subscriber may see
     * @return all that matches, in any order; a failure disconnects the subscriber, which then asks again
     */
    CompletionStage<List<Retained>> find(String filter);

    /**
     * The same for a filter that means the subscriber itself.
     *
     * @param self who subscribes
     * @param filter below {@code v1/devices/me}
     */
    default CompletionStage<List<Retained>> findOwn(DeviceId self, String filter) {
        return CompletableFuture.completedStage(List.of());
    }
}
