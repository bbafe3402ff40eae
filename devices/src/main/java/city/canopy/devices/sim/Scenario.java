package city.canopy.devices.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * A fleet, a seed and a beginning: everything that the fleet will ever say follows from them. Asked from a later moment
 * on, a scenario says the same as if it had run until then, so a demo that is started again goes on where it was. Knows
 * no network and no clock; the caller publishes each report when its time has come.
 *
 * @param seed decides every draw; print it where something goes wrong
 * @param start the first moment; signals count from here
 * @param fleet who takes part
 */
public record Scenario(long seed, Instant start, Fleet fleet) {
    public Scenario {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(fleet, "fleet");
    }

    /**
     * All reports from a moment on, without end, in the order in which they are sent. Each device starts at an offset
     * of its own within its rhythm. The iterator belongs to one thread; it holds one or two reports per device.
     *
     * @param from the start or later; earlier is the same as the start
     */
    public Iterator<Report> from(Instant from) {
        return new Course(from.isBefore(start) ? start : from);
    }

    /** The reports that are sent at {@code from} or later and before {@code to}. */
    public List<Report> between(Instant from, Instant to) {
        List<Report> reports = new ArrayList<>();
        Iterator<Report> course = from(from);
        while (course.hasNext()) {
            Report next = course.next();
            if (!next.sendAt().isBefore(to)) {
                return reports;
            }
            reports.add(next);
        }
        return reports;
    }

    /**
     * What the fleet would have said before the start, in the order in which it would have been sent: the signals go back
     * without a jump, and so do the faults, but for those that say things twice. Ends before the start. The iterator
     * belongs to one thread.
     *
     * @param from the first moment
     * @param every how often each member is asked; mostly less often than its own rhythm
     */
    public Iterator<Report> before(Instant from, Function<Fleet.Member, Duration> every) {
        return new Past(from, every);
    }

    /** What a member says when it is asked out of its rhythm. */
    public Report ask(Fleet.Member member, Instant moment) {
        return report(member, Duration.between(start, moment).toMillis());
    }

    private final class Past implements Iterator<Report> {
        private final PriorityQueue<Due> queue = new PriorityQueue<>(Due.IN_ORDER);
        private final long[] rhythms;
        private Report next;

        Past(Instant from, Function<Fleet.Member, Duration> every) {
            long first = Duration.between(start, from).toMillis();
            rhythms = new long[fleet.members().size()];
            for (int i = 0; i < rhythms.length; i++) {
                Fleet.Member member = fleet.members().get(i);
                rhythms[i] = every.apply(member).toMillis();
                long offset = (long) (Chance.even(seedOf(member), -1) * rhythms[i]);
                add(offset + Math.floorDiv(first - offset + rhythms[i] - 1, rhythms[i]) * rhythms[i], i);
            }
            next = find();
        }

        private void add(long millis, int member) {
            if (millis < 0) {
                queue.add(new Due(millis, member, null));
            }
        }

        private Report find() {
            while (!queue.isEmpty()) {
                Due due = queue.remove();
                add(due.millis() + rhythms[due.member()], due.member());
                Fleet.Member member = fleet.members().get(due.member());
                if (!silent(member, due.millis())) {
                    return report(member, due.millis());
                }
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Report next() {
            if (next == null) {
                throw new NoSuchElementException("the past is over");
            }
            Report found = next;
            next = find();
            return found;
        }
    }

    private final class Course implements Iterator<Report> {
        private final PriorityQueue<Due> queue = new PriorityQueue<>(Due.IN_ORDER);

        Course(Instant from) {
            long first = Duration.between(start, from).toMillis();
            for (int i = 0; i < fleet.members().size(); i++) {
                Fleet.Member member = fleet.members().get(i);
                long every = member.every().toMillis();
                long offset = (long) (Chance.even(seedOf(member), -1) * every);
                long tick = Math.max(0, Math.floorDiv(first - offset + every - 1, every));
                queue.add(new Due(offset + tick * every, i, null));
            }
        }

        @Override
        public boolean hasNext() {
            return !queue.isEmpty();
        }

        @Override
        public Report next() {
            while (!queue.isEmpty()) {
                Due due = queue.remove();
                if (due.again() != null) {
                    return due.again();
                }
                Fleet.Member member = fleet.members().get(due.member());
                queue.add(new Due(due.millis() + member.every().toMillis(), due.member(), null));
                if (!silent(member, due.millis())) {
                    Report report = report(member, due.millis());
                    repeat(member, report, due);
                    return report;
                }
            }
            throw new NoSuchElementException("a fleet without members says nothing");
        }

        private void repeat(Fleet.Member member, Report report, Due due) {
            for (Fault fault : member.faults()) {
                if (fault instanceof Fault.Duplicate duplicate
                        && Chance.even(Chance.seed(seedOf(member), "duplicate"), due.millis()) < duplicate.share()) {
                    long millis = due.millis() + duplicate.after().toMillis();
                    Report again = new Report(
                            start.plusMillis(millis),
                            report.device(),
                            report.measuredAt(),
                            report.values(),
                            report.position());
                    queue.add(new Due(millis, due.member(), again));
                }
            }
        }
    }

    /** When a member's next word is due; {@code again} is the repetition of an earlier one, or null. */
    private record Due(long millis, int member, Report again) {
        static final Comparator<Due> IN_ORDER =
                Comparator.comparingLong(Due::millis).thenComparingInt(Due::member);
    }

    private long seedOf(Fleet.Member member) {
        return Chance.seed(seed, member.device().value());
    }

    private boolean silent(Fleet.Member member, long millis) {
        for (Fault fault : member.faults()) {
            if (fault instanceof Fault.Dropout dropout
                    && struck(member, "dropout", dropout.share(), dropout.spell(), millis)) {
                return true;
            }
        }
        return false;
    }

    private Report report(Fleet.Member member, long millis) {
        long seen = millis;
        Instant clock = start.plusMillis(millis);
        for (Fault fault : member.faults()) {
            if (fault instanceof Fault.LateClock late) {
                clock = clock.minus(late.by());
            } else if (fault instanceof Fault.Stuck stuck
                    && struck(member, "stuck", stuck.share(), stuck.spell(), millis)) {
                seen = Math.floorDiv(millis, stuck.spell().toMillis())
                        * stuck.spell().toMillis();
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (Map.Entry<String, Signal> signal : member.signals().entrySet()) {
            double value = signal.getValue().at(seen, Chance.seed(seedOf(member), signal.getKey()));
            values.put(signal.getKey(), Math.round(value * 1000) / 1000.0);
        }
        long moved = seen;
        return new Report(
                start.plusMillis(millis),
                member.device(),
                clock,
                values,
                member.route().map(way -> way.at(moved)));
    }

    private boolean struck(Fleet.Member member, String fault, double share, Duration spell, long millis) {
        return Chance.even(Chance.seed(seedOf(member), fault), Math.floorDiv(millis, spell.toMillis())) < share;
    }
}
