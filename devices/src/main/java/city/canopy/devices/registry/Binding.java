package city.canopy.devices.registry;

import city.canopy.devices.model.Position;
import java.util.Objects;

/** What a device speaks about. */
public sealed interface Binding {
    /** Bound to one feature of a layer. */
    record ToFeature(String layer, String featureId) implements Binding {
        public ToFeature {
            Objects.requireNonNull(layer, "layer");
            Objects.requireNonNull(featureId, "featureId");
        }
    }

    /** Fixed at a place; the nearest feature within the pack's distance is meant. */
    record At(Position position) implements Binding {
        public At {
            Objects.requireNonNull(position, "position");
        }
    }

    /** Its place comes with its messages and is judged at each reading. */
    record Moving() implements Binding {}

    /** Nothing is known of its place: its readings are about the device itself. */
    record Unplaced() implements Binding {}
}
