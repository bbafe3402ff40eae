package city.canopy.devices.sim;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What one simulated quantity does over time: a pure function of the seed and the time since the scenario began, in the
 * quantity's own unit. Noise is a standard deviation in that unit. Any thread.
 */
public sealed interface Signal {
    /**
     * The value at a moment.
     *
     * @param millis since the scenario began; negative before
     */
    double at(long millis, long seed);

    /**
     * A day's swing around a mean that drifts.
     *
     * @param peakHour the hour of the day at which it is highest, counted from the scenario's start, 0 to 24
     */
    record Daily(double mean, double amplitude, double peakHour, double driftPerDay, double noise) implements Signal {
        @Override
        public double at(long millis, long seed) {
            double days = millis / 86_400_000.0;
            double swing = amplitude * Math.cos(2 * Math.PI * (days - peakHour / 24));
            return mean + driftPerDay * days + swing + noise * Chance.normal(seed, millis);
        }
    }

    /**
     * Fills from {@code low} to {@code high}, stands full for a while, and is emptied at the end of each cycle.
     *
     * @param phase how far the first cycle has gone when the scenario begins, 0 to under 1
     */
    record Filling(double low, double high, Duration cycle, double phase, double noise) implements Signal {
        public Filling {
            requireCycle(cycle, phase);
        }

        @Override
        public double at(long millis, long seed) {
            double fullAt = 0.6 + 0.4 * Chance.even(seed, cycleOf(cycle, phase, millis));
            double level = low + (high - low) * Math.min(1, turn(cycle, phase, millis) / fullAt);
            return Math.max(low, Math.min(high, level + noise * Chance.normal(seed, millis)));
        }
    }

    /**
     * Dries from {@code wet} towards {@code dry}, quickly at first, and is watered at the end of each cycle.
     *
     * @param phase how far the first cycle has gone when the scenario begins, 0 to under 1
     */
    record Drying(double wet, double dry, Duration cycle, double phase, double noise) implements Signal {
        public Drying {
            requireCycle(cycle, phase);
        }

        @Override
        public double at(long millis, long seed) {
            double left = Math.exp(-4 * turn(cycle, phase, millis));
            return dry + (wet - dry) * left + noise * Chance.normal(seed, millis);
        }
    }

    /** Leans over by {@code step} at some moment of each cycle and is put upright at its end. */
    record Tilting(double upright, double step, Duration cycle, double noise) implements Signal {
        public Tilting {
            requireCycle(cycle, 0);
        }

        @Override
        public double at(long millis, long seed) {
            boolean leans = turn(cycle, 0, millis) >= moment(cycle, millis, seed, 0.8);
            return upright + (leans ? step : 0) + noise * Chance.normal(seed, millis);
        }
    }

    /** Rises from {@code base} to {@code peak} at some moment of each cycle, and runs off in twice the time of the rise. */
    record Flooding(double base, double peak, Duration rise, Duration cycle, double noise) implements Signal {
        public Flooding {
            requireCycle(cycle, 0);
            requirePart(rise.multipliedBy(3), cycle);
        }

        @Override
        public double at(long millis, long seed) {
            double up = (double) rise.toMillis() / cycle.toMillis();
            double since = turn(cycle, 0, millis) - moment(cycle, millis, seed, 1 - 3 * up);
            double share = 0;
            if (since >= 0 && since < 3 * up) {
                share = since < up ? since / up : 1 - (since - up) / (2 * up);
            }
            return base + (peak - base) * share + noise * Chance.normal(seed, millis);
        }
    }

    /** 0, and 1 for a while at some moment of each cycle. */
    record OnOff(Duration on, Duration cycle) implements Signal {
        public OnOff {
            requireCycle(cycle, 0);
            requirePart(on, cycle);
        }

        @Override
        public double at(long millis, long seed) {
            double part = (double) on.toMillis() / cycle.toMillis();
            double since = turn(cycle, 0, millis) - moment(cycle, millis, seed, 1 - part);
            return since >= 0 && since < part ? 1 : 0;
        }
    }

    /**
     * Follows given points in straight lines, again and again.
     *
     * @param points the first at 0, none before the one in front of it, the last before the end of the cycle; two of one
     *     moment make a jump. After the last one its value stands
     * @param phase how far the first cycle has gone when the scenario begins, 0 to under 1
     */
    record Course(List<Point> points, Duration cycle, double phase, double noise) implements Signal {
        /** A value and its moment within the cycle. */
        public record Point(Duration at, double value) {}

        public Course {
            points = List.copyOf(points);
            requireCycle(cycle, phase);
            if (points.isEmpty() || !points.get(0).at().isZero()) {
                throw new IllegalArgumentException("a course has a first point, at the beginning of its cycle");
            }
            for (int i = 1; i < points.size(); i++) {
                Duration at = points.get(i).at();
                if (at.compareTo(points.get(i - 1).at()) < 0 || at.compareTo(cycle) >= 0) {
                    throw new IllegalArgumentException("the points of a course come in order and before the end of its"
                            + " cycle of " + cycle + ", not at " + at);
                }
            }
        }

        @Override
        public double at(long millis, long seed) {
            double now = turn(cycle, phase, millis) * cycle.toMillis();
            double value = points.get(points.size() - 1).value();
            for (int i = points.size() - 1; i > 0 && points.get(i).at().toMillis() > now; i--) {
                Point from = points.get(i - 1);
                double length = points.get(i).at().minus(from.at()).toMillis();
                double share = (now - from.at().toMillis()) / length;
                value = from.value() + share * (points.get(i).value() - from.value());
            }
            return value + noise * Chance.normal(seed, millis);
        }
    }

    /** Another signal, held between two limits. */
    record Within(Signal signal, double min, double max) implements Signal {
        public Within {
            Objects.requireNonNull(signal, "signal");
            if (!(min < max)) {
                throw new IllegalArgumentException("min must be under max, not " + min + " and " + max);
            }
        }

        @Override
        public double at(long millis, long seed) {
            return Math.max(min, Math.min(max, signal.at(millis, seed)));
        }
    }

    /** How far a moment is into its cycle, 0 to under 1. */
    private static double turn(Duration cycle, double phase, long millis) {
        double cycles = millis / (double) cycle.toMillis() + phase;
        return cycles - Math.floor(cycles);
    }

    private static long cycleOf(Duration cycle, double phase, long millis) {
        return (long) Math.floor(millis / (double) cycle.toMillis() + phase);
    }

    /** Where in its cycle the event of that cycle happens, 0 to {@code latest}. */
    private static double moment(Duration cycle, long millis, long seed, double latest) {
        return latest * Chance.even(~seed, cycleOf(cycle, 0, millis));
    }

    private static void requireCycle(Duration cycle, double phase) {
        if (cycle.toMillis() < 1_000) {
            throw new IllegalArgumentException("a cycle lasts a second or more, not " + cycle);
        }
        if (!(phase >= 0 && phase < 1)) {
            throw new IllegalArgumentException("a phase is between 0 and under 1, not " + phase);
        }
    }

    private static void requirePart(Duration part, Duration cycle) {
        if (part.toMillis() <= 0 || part.compareTo(cycle) > 0) {
            throw new IllegalArgumentException(
                    "an event lasts longer than zero and no longer than its cycle of " + cycle + ", not " + part);
        }
    }
}
