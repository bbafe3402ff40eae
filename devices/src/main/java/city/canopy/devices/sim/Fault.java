package city.canopy.devices.sim;

import java.time.Duration;

/** What goes wrong with a simulated device, by its own seed: the same faults in every run. */
public sealed interface Fault {
    /**
     * Says nothing for a while.
     *
     * @param share the share of the spells in which it is silent, 0 to 0.99
     * @param spell how long a spell lasts
     */
    record Dropout(double share, Duration spell) implements Fault {
        public Dropout {
            requireShare(share);
            if (share > 0.99) {
                throw new IllegalArgumentException("a device that is always silent is none; share at most 0.99");
            }
            requireSpell(spell);
        }
    }

    /**
     * Says the same thing twice.
     *
     * @param share the share of its reports that come twice, 0 to 1
     * @param after how long after the first the second comes
     */
    record Duplicate(double share, Duration after) implements Fault {
        public Duplicate {
            requireShare(share);
            if (after.isNegative()) {
                throw new IllegalArgumentException("a duplicate comes after its first, not " + after);
            }
        }
    }

    /**
     * Its clock is behind: the time in its reports is older than the truth.
     *
     * @param by how far
     */
    record LateClock(Duration by) implements Fault {
        public LateClock {
            if (by.isNegative()) {
                throw new IllegalArgumentException("a late clock is behind, not ahead by " + by.negated());
            }
        }
    }

    /**
     * Says the same value for a while, whatever happens.
     *
     * @param share the share of the spells in which it is stuck, 0 to 1
     * @param spell how long a spell lasts
     */
    record Stuck(double share, Duration spell) implements Fault {
        public Stuck {
            requireShare(share);
            requireSpell(spell);
        }
    }

    private static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is between 0 and 1, not " + share);
        }
    }

    private static void requireSpell(Duration spell) {
        if (spell.toMillis() < 1_000) {
            throw new IllegalArgumentException("a spell lasts a second or more, not " + spell);
        }
    }
}
