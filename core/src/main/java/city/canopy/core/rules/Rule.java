package city.canopy.core.rules;

import city.canopy.devices.model.Quantity;
import city.canopy.geo.filter.Condition;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** When something is a finding. Immutable; used by many threads at once. */
public sealed interface Rule {
    /** The names by which conditions call the hour of the day and the day of the week of a reading. */
    Set<String> CLOCK = Set.of(ReadingScope.HOUR, ReadingScope.WEEKDAY);

    /** The longest {@code for} and {@code within}. */
    Duration LONGEST = Duration.ofDays(30);

    RuleHead head();

    /** The same rule as another version of itself. */
    Rule withVersion(int version);

    /** Every condition that it has. */
    List<Condition> conditions();

    default String id() {
        return head().id();
    }

    /**
     * Which readings a rule of one quantity looks at.
     *
     * @param quantity the quantity
     * @param layer the layer whose features it speaks of: readings about a feature of another layer are left alone,
     *     readings of a device that is at no feature are judged too; or null for every reading of the quantity
     * @param parameters numbers that conditions may name
     */
    record Target(Quantity quantity, String layer, List<RuleParameter> parameters) {
        public Target {
            Objects.requireNonNull(quantity, "quantity");
            parameters = List.copyOf(parameters);
        }

        /** Whether readings about this layer are meant; null stands for no feature at all. */
        public boolean covers(String readingLayer) {
            return layer == null || readingLayer == null || layer.equals(readingLayer);
        }
    }

    /**
     * A condition on single values, with hysteresis.
     *
     * @param open what must hold
     * @param clear what ends it; without it, that {@code open} holds no longer
     * @param where what must hold besides {@code open}, mostly about the place; it ends the finding when it fails
     * @param hold for how long {@code open} must have held, by event time; zero for at once
     */
    record Threshold(
            RuleHead head,
            Target target,
            Condition open,
            Optional<Condition> clear,
            Optional<Condition> where,
            Duration hold)
            implements Rule {
        public Threshold {
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(open, "open");
            if (hold.isNegative() || hold.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("rule " + head.id() + ": 'for' must be PT0S to P30D, not " + hold);
            }
        }

        @Override
        public Threshold withVersion(int version) {
            return new Threshold(head.withVersion(version), target, open, clear, where, hold);
        }

        @Override
        public List<Condition> conditions() {
            return Stream.of(Optional.of(open), clear, where)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /** Which way a value moves. */
    enum Direction {
        UP,
        DOWN,
        EITHER
    }

    /**
     * A value that moves by {@code by} or more within {@code within} of event time.
     *
     * @param by in the quantity's unit, over 0
     * @param within over 0
     * @param direction which way it must move
     * @param where what must hold besides
     */
    record Change(
            RuleHead head, Target target, double by, Duration within, Direction direction, Optional<Condition> where)
            implements Rule {
        public Change {
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(direction, "direction");
            Objects.requireNonNull(target, "target");
            if (!(by > 0) || Double.isInfinite(by)) {
                throw new IllegalArgumentException("rule " + head.id() + ": 'by' must be over 0, not " + by);
            }
            if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "rule " + head.id() + ": 'within' must be over PT0S and at most P30D, not " + within);
            }
        }

        @Override
        public Change withVersion(int version) {
            return new Change(head.withVersion(version), target, by, within, direction, where);
        }

        @Override
        public List<Condition> conditions() {
            return where.stream().toList();
        }
    }

    /**
     * Work that was due on a day and cannot be seen in the readings: at no moment from the beginning of that day to
     * {@code by} did {@code done} hold. Only a device that said something on that day is believed.
     *
     * @param done what shows that the work is done; it also ends the finding
     * @param rounds when work is due; a feature goes by every round that is for it
     * @param by the time of day, in the service's time zone, by which it must be done
     */
    record Missed(RuleHead head, Target target, Condition done, List<Round> rounds, LocalTime by) implements Rule {
        public Missed {
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(done, "done");
            Objects.requireNonNull(by, "by");
            rounds = List.copyOf(rounds);
            if (rounds.isEmpty()) {
                throw new IllegalArgumentException("rule " + head.id() + ": it needs a schedule");
            }
        }

        @Override
        public Missed withVersion(int version) {
            return new Missed(head.withVersion(version), target, done, rounds, by);
        }

        @Override
        public List<Condition> conditions() {
            return Stream.concat(Stream.of(done), rounds.stream().flatMap(round -> round.filter().stream()))
                    .toList();
        }
    }

    /**
     * Work that comes again and again.
     *
     * @param schedule the name of the schedule that it follows
     * @param filter for which features; empty for all
     * @param days gives the first day at or after another one on which it is due
     */
    record Round(String schedule, Optional<Condition> filter, UnaryOperator<LocalDate> days) {
        public Round {
            Objects.requireNonNull(schedule, "schedule");
            Objects.requireNonNull(filter, "filter");
            Objects.requireNonNull(days, "days");
        }
    }

    /**
     * A device that has said nothing for some reporting rhythms of its profile, by receipt time.
     *
     * @param rhythms how many; 1 to 1000
     * @param profiles the profiles that it is about; empty for all
     */
    record Silence(RuleHead head, int rhythms, Set<String> profiles) implements Rule {
        public Silence {
            Objects.requireNonNull(head, "head");
            profiles = Set.copyOf(profiles);
            if (rhythms < 1 || rhythms > 1000) {
                throw new IllegalArgumentException(
                        "rule " + head.id() + ": 'rhythms' must be 1 to 1000, not " + rhythms);
            }
        }

        /** Whether devices of this profile are meant. */
        public boolean covers(String profile) {
            return profiles.isEmpty() || profiles.contains(profile);
        }

        @Override
        public Silence withVersion(int version) {
            return new Silence(head.withVersion(version), rhythms, profiles);
        }

        @Override
        public List<Condition> conditions() {
            return List.of();
        }
    }
}
