package city.canopy.core.rules;

import java.util.List;
import java.util.Objects;

/** Where one rule stands about one datastream or device. Immutable. Times are microseconds since 1970-01-01 UTC. */
public final class RuleState {
    /** Nothing is going on. */
    public static final RuleState CLEAR = new RuleState(Phase.CLEAR, 0, Finding.Proof.NONE);

    /** The three phases. Only a change of phase is written down. */
    public enum Phase {
        /** The condition does not hold. */
        CLEAR,
        /** It holds, but not yet for long enough. */
        PENDING,
        /** It has been raised and not yet cleared. */
        FIRING
    }

    /**
     * What one judgement comes to.
     *
     * @param after the state from now on
     * @param findings what is to be said, in order; mostly nothing
     */
    public record Step(RuleState after, List<Finding> findings) {
        public Step {
            findings = List.copyOf(findings);
        }
    }

    private final Phase phase;
    private final long since;
    private final Finding.Proof proof;
    private final Step unchanged;

    private RuleState(Phase phase, long since, Finding.Proof proof) {
        this.phase = Objects.requireNonNull(phase, "phase");
        this.since = since;
        this.proof = Objects.requireNonNull(proof, "proof");
        this.unchanged = new Step(this, List.of());
    }

    static RuleState pending(long since, Finding.Proof proof) {
        return new RuleState(Phase.PENDING, since, proof);
    }

    static RuleState firing(long since, Finding.Proof proof) {
        return new RuleState(Phase.FIRING, since, proof);
    }

    static RuleState of(Phase phase, long since, Finding.Proof proof) {
        return phase == Phase.CLEAR ? CLEAR : new RuleState(phase, since, proof);
    }

    public Phase phase() {
        return phase;
    }

    /** From when the condition has held, by event time (by receipt time for silence); 0 while clear. */
    public long since() {
        return since;
    }

    /** The reading that it began with. */
    public Finding.Proof proof() {
        return proof;
    }

    /** The step that leaves everything as it is; the same object each time. */
    Step unchanged() {
        return unchanged;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RuleState state
                && phase == state.phase
                && since == state.since
                && proof.equals(state.proof);
    }

    @Override
    public int hashCode() {
        return Objects.hash(phase, since, proof);
    }

    @Override
    public String toString() {
        return phase + (phase == Phase.CLEAR ? "" : " since " + Micros.instant(since));
    }
}
