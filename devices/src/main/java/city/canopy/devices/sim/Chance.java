package city.canopy.devices.sim;

/**
 * Chance without memory: the same seed and key give the same draw, in any order, on any thread, in any run. So a
 * simulated device says the same at a moment whether it has been running for a year or has just been started.
 */
final class Chance {
    private Chance() {}

    /** A seed of its own for a named part of something seeded. */
    static long seed(long seed, String name) {
        long hash = mix(seed);
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash ^ name.charAt(i));
        }
        return hash;
    }

    /** Evenly spread over 0 (taken in) to 1 (left out). */
    static double even(long seed, long key) {
        return (mix(seed ^ mix(key)) >>> 11) * 0x1.0p-53;
    }

    /** The normal distribution with mean 0 and deviation 1. */
    static double normal(long seed, long key) {
        double radius = Math.sqrt(-2 * Math.log(1 - even(seed, 2 * key)));
        return radius * Math.cos(2 * Math.PI * even(seed, 2 * key + 1));
    }

    /** The finalizer of SplitMix64: every bit of the answer hangs on every bit of the question. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
