package city.canopy.core.rules;

import java.util.PriorityQueue;

/**
 * Which pending conditions will have held for long enough, and when. A datastream's clock stands at the event time of its
 * last reading and goes on from when that was received (or from the start of the service, whichever was later): a timer
 * is due when this clock reaches the moment at which the rule fires. One partition's.
 */
final class HoldTimers {
    private record Due(long at, StreamRules stream, RuleSlot slot) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    private final long startedAt;

    HoldTimers(long startedAt) {
        this.startedAt = startedAt;
    }

    /** Sets the timer of a pending condition, unless it is set for that moment or before. */
    void set(StreamRules stream, RuleSlot slot) {
        long at = dueAt(stream, slot);
        if (at < slot.queuedFor) {
            slot.queuedFor = at;
            queue.add(new Due(at, stream, slot));
        }
    }

    /** The receipt time at which a pending condition is due. */
    long dueAt(StreamRules stream, RuleSlot slot) {
        long firesAt = RuleEvaluator.dueAt((Rule.Threshold) slot.rule, slot.state);
        return Math.max(stream.lastReceived, startedAt) + Math.max(0, firesAt - stream.lastMeasured);
    }

    /** When the first is due, perhaps; {@link RuleSlot#NOT_DUE} when none is set. */
    long next() {
        Due first = queue.peek();
        return first == null ? RuleSlot.NOT_DUE : first.at();
    }

    /** Takes out everything that is due now and hands it over; what has been put off is set anew. */
    void due(long now, Expired expired) {
        while (next() <= now) {
            Due due = queue.remove();
            RuleSlot slot = due.slot();
            if (due.at() != slot.queuedFor) {
                continue;
            }
            slot.queuedFor = RuleSlot.NOT_DUE;
            if (slot.state.phase() != RuleState.Phase.PENDING) {
                continue;
            }
            if (dueAt(due.stream(), slot) > now) {
                set(due.stream(), slot);
            } else {
                expired.accept(due.stream(), slot);
            }
        }
    }

    /** Gets what is due. */
    interface Expired {
        void accept(StreamRules stream, RuleSlot slot);
    }
}
