package city.canopy.core.rules;

import city.canopy.core.series.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/** What a rule has to say about a subject. True only once the transaction that carries it has committed. */
public sealed interface Finding {
    /** The rule, as it stood when it judged. */
    RuleHead rule();

    Subject subject();

    Source source();

    /** The moment of event time at which it came true; of receipt time for silence. */
    Instant at();

    /**
     * The condition has come to hold.
     *
     * @param since from when it held; before {@code at} where it had to hold for a time
     * @param proof the reading that it began with
     */
    record Raise(RuleHead rule, Subject subject, Source source, Instant since, Instant at, Proof proof)
            implements Finding {
        public Raise {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(proof, "proof");
        }
    }

    /** The condition holds no longer. */
    record Clear(RuleHead rule, Subject subject, Source source, Instant at) implements Finding {
        public Clear {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * What the rule saw.
     *
     * @param value the value in the quantity's unit; none for silence
     * @param frame the id of its raw frame; 0 where there is none
     * @param seen every value that the conditions name, by name: Double, String or Boolean
     */
    record Proof(OptionalDouble value, long frame, Map<String, Object> seen) {
        /** Nothing at all. */
        public static final Proof NONE = new Proof(OptionalDouble.empty(), 0, Map.of());

        public Proof {
            Objects.requireNonNull(value, "value");
            seen = Map.copyOf(seen);
        }
    }
}
