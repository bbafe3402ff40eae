package city.canopy.core.demo.past;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The heavy rains of a past, about one in six days. Times are milliseconds since the scenario's start. */
final class Rain {
    private static final long DAY = 24 * Incident.HOUR;

    /**
     * One rain.
     *
     * @param peak mm in each report of a weather station when it is heaviest
     */
    record Shower(long from, long to, double peak) {}

    private final List<Shower> showers = new ArrayList<>();

    Rain(long from, Random random) {
        for (long day = from + DAY; day < -DAY; day += DAY) {
            if (random.nextInt(6) == 0) {
                long begins = day + (long) (random.nextDouble() * 20 * Incident.HOUR);
                long lasts = (long) ((2 + 4 * random.nextDouble()) * Incident.HOUR);
                showers.add(new Shower(begins, begins + lasts, 6 + 18 * random.nextDouble()));
            }
        }
    }

    List<Shower> showers() {
        return showers;
    }

    /** What a weather station reports at this moment, in mm. */
    double at(long millis) {
        for (Shower shower : showers) {
            if (millis >= shower.from() && millis < shower.to()) {
                double share = (double) (millis - shower.from()) / (shower.to() - shower.from());
                return Math.round(shower.peak() * Math.sin(Math.PI * share) * 10) / 10.0;
            }
        }
        return 0;
    }
}
