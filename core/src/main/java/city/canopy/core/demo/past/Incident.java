package city.canopy.core.demo.past;

import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.series.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One piece of trouble of the past: what it did to the readings of one device, and for how long. Times are milliseconds
 * since the scenario's start, so they are negative.
 *
 * @param onset the first reading that shows it; of a silence the last word
 * @param opened when its rule opens the ticket
 * @param fixed the first reading that shows the remedy
 * @param ending how the ticket ends
 * @param size how bad it was, 0 to 1
 */
record Incident(Trouble trouble, DemoDevice device, long onset, long opened, long fixed, Ending ending, double size) {
    /** How a ticket ends. */
    enum Ending {
        DONE,
        REJECTED,
        MERGED
    }

    static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
    static final long HOUR = TimeUnit.HOURS.toMillis(1);
    /** How long what was remedied takes to be as it would have been. */
    static final long AFTERMATH = 40 * HOUR;

    private static final long FILLING = 6 * HOUR;
    private static final long DRYING = 18 * HOUR;
    private static final long RISING = 30 * MINUTE;

    /** When the readings begin to tell of it. */
    long begins() {
        return onset
                - switch (trouble) {
                    case OVERFLOW -> FILLING;
                    case DRY -> DRYING;
                    case FLOOD -> RISING;
                    default -> 0;
                };
    }

    /** When the readings cease to tell of it. */
    long ends() {
        return trouble == Trouble.OVERFLOW || trouble == Trouble.DRY ? fixed + AFTERMATH : fixed;
    }

    /** What the ticket is about. */
    Subject subject() {
        return trouble == Trouble.SILENCE
                ? Subject.of(device.id())
                : new Subject(device.feature().layer(), device.feature().id());
    }

    /** Whether the device's usual reports are left out: it is silent, or nobody wants to know more than the alarm said. */
    boolean mutes(long millis) {
        return switch (trouble) {
            case SILENCE -> millis > onset && millis < fixed;
            case LEAN -> millis > onset - 30 * MINUTE && millis < fixed;
            default -> false;
        };
    }

    /** What the device reports of it, instead of what it would have. */
    Map<String, Double> tell(Map<String, Double> calm, long millis) {
        if (millis < begins() || millis >= ends() || trouble == Trouble.SILENCE) {
            return calm;
        }
        String key = switch (trouble) {
            case OVERFLOW -> "fill_level";
            case FIRE -> "waste_temperature";
            case DRY -> "soil_moisture";
            case LEAN -> "tilt";
            case FLOOD -> "water_level";
            case MANHOLE -> "manhole_open";
            case DUST -> "pm25";
            case SILENCE -> throw new AssertionError();
        };
        Map<String, Double> told = new LinkedHashMap<>(calm);
        told.computeIfPresent(key, (name, value) -> Math.round(value(value, millis) * 1000) / 1000.0);
        return told;
    }

    private double value(double calm, long t) {
        double share = (double) (t - onset) / Math.max(1, fixed - onset);
        return switch (trouble) {
            case OVERFLOW -> fill(calm, t);
            case FIRE -> 74 + 30 * size * Math.sin(Math.PI * share);
            case DRY -> moisture(calm, t);
            case LEAN -> calm + 4 + 5 * size;
            case FLOOD -> water(calm, t, share);
            case MANHOLE -> 1;
            case DUST -> 158 + 50 * size + 12 * Math.sin(7 * share);
            case SILENCE -> calm;
        };
    }

    private double fill(double calm, long t) {
        if (t < onset) {
            double share = 1 - (double) (onset - t) / FILLING;
            return Math.max(calm, calm + share * share * (79 - calm));
        }
        if (t < fixed) {
            return 81 + (8 + 7 * size) * (1 - Math.exp(-(double) (t - onset) / (5 * HOUR)));
        }
        return Math.min(calm, 5 + 2.2 * (t - fixed) / HOUR);
    }

    private double moisture(double calm, long t) {
        double limit = limit();
        if (t < onset) {
            double share = 1 - (double) (onset - t) / DRYING;
            return calm + share * (limit + 0.2 - calm);
        }
        if (t < fixed) {
            return limit - 0.5 - (2 + 2 * size) * (1 - Math.exp(-(double) (t - onset) / (12 * HOUR)));
        }
        return Math.max(calm, 54 - 0.6 * (t - fixed) / HOUR);
    }

    /** Under how much moisture the rule calls for water, by the tree's species. */
    private double limit() {
        Object group = device.feature().properties().get("species_group");
        return "thirsty".equals(group) ? 24 : "drought_tolerant".equals(group) ? 12 : 18;
    }

    private double water(double calm, long t, double share) {
        if (t < onset) {
            double risen = 1 - (double) (onset - t) / RISING;
            return calm + risen * risen * (0.24 - calm);
        }
        return 0.27 + (0.06 + 0.22 * size) * Math.sin(Math.PI * Math.min(1, share));
    }
}
