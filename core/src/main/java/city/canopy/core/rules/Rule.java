package city.canopy.core.rules;

import city.canopy.devices.model.Quantity;
import city.canopy.geo.filter.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** When something is a finding. Immutable; used by many threads at once. */
public sealed interface Rule {
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

    /**
     * A value that moves by {@code by} or more, up or down, within {@code within} of event time.
     *
     * @param by in the quantity's unit, over 0
     * @param within over 0
     * @param where what must hold besides
     */
    record Change(RuleHead head, Target target, double by, Duration within, Optional<Condition> where) implements Rule {
        public Change {
            Objects.requireNonNull(head, "head");
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
            return new Change(head.withVersion(version), target, by, within, where);
        }

        @Override
        public List<Condition> conditions() {
            return where.stream().toList();
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
