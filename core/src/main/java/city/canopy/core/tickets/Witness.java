package city.canopy.core.tickets;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Who says so. A sensor is one witness for each time that one rule fires on one of its datastreams.
 *
 * @param kind what kind of witness
 * @param at the event time at which it came to say so
 * @param ref the device, or whatever names the witness in its own world
 * @param sensed what a sensor said and which rule heard it; empty for the others
 * @param cleared when it stopped saying so
 */
public record Witness(Kind kind, Instant at, String ref, Optional<Sensed> sensed, Optional<Instant> cleared) {
    /** The kinds of witnesses. */
    public enum Kind {
        SENSOR,
        CAMERA,
        CITIZEN,
        CREW;

        /** As it is stored and shown: {@code sensor}. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a sensor said.
     *
     * @param rule the rule's id
     * @param version the rule's version
     * @param datastream its datastream, or 0 for the device itself
     * @param measuredAt event time of the reading that it began with
     * @param value that reading's value
     * @param frame the raw frame that brought it; 0 where there is none
     * @param seen what the rule saw, by name
     */
    public record Sensed(
            String rule,
            int version,
            long datastream,
            Instant measuredAt,
            OptionalDouble value,
            long frame,
            Map<String, Object> seen) {
        public Sensed {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(measuredAt, "measuredAt");
            Objects.requireNonNull(value, "value");
            seen = Map.copyOf(seen);
        }
    }

    public Witness {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(sensed, "sensed");
        Objects.requireNonNull(cleared, "cleared");
    }

    /** Whether a sensor still says so. */
    public boolean isFiring() {
        return kind == Kind.SENSOR && cleared.isEmpty();
    }

    /** The same witness, who says so no longer. */
    public Witness clearedAt(Instant moment) {
        return new Witness(kind, at, ref, sensed, Optional.of(moment));
    }
}
