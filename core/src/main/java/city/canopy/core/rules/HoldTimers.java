package city.canopy.core.rules;

import java.time.ZoneId;
import java.util.PriorityQueue;

/**
 * Which pending conditions will have held for long enough, or which work will be overdue, and when. A datastream's clock stands at the event time of its
 * last reading and goes on from when that was received (or from the start of the service, whichever was later): a timer
 * is due when this clock reaches the moment at which the rule fires. One partition's.
 */
final class HoldTimers {
    private record Due(long at, StreamRules stream, RuleSlot slot) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    private final long startedAt;
    private final ZoneId zone;

    HoldTimers(long startedAt, ZoneId zone) {
        this.startedAt = startedAt;
        this.zone = zone;
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
        long firesAt = RuleEvaluator.dueAt(slot.rule, slot.state, zone);
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
