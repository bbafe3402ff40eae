package city.canopy.gateway.bench;

/** Numbers as a report shows them. */
final class Figures {
    private Figures() {}

    static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static double secondsSince(long nanos) {
        return hundredths((System.nanoTime() - nanos) / 1e9);
    }
}
