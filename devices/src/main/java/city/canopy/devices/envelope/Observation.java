package city.canopy.devices.envelope;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a gateway observes of a LwM2M device, and with which attributes (LwM2M 1.1 core, 5.1.2). Data of a profile.
 *
 * @param path an object, object instance or resource, such as {@code /3303}, {@code /3303/0} or {@code /3303/0/5700}
 * @param pmin no more often than this
 * @param pmax at least as often as this
 * @param greaterThan notify when the value passes this
 * @param lessThan notify when the value passes this
 * @param step notify when the value has changed by this
 */
public record Observation(
        String path,
        Optional<Duration> pmin,
        Optional<Duration> pmax,
        Optional<Double> greaterThan,
        Optional<Double> lessThan,
        Optional<Double> step) {
    private static final Pattern PATH = Pattern.compile("/\\d{1,5}(/\\d{1,5}(/\\d{1,5})?)?");

    /** @throws IllegalArgumentException when the path is none, or pmax is under pmin */
    public Observation {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("what is observed is /OBJECT, /OBJECT/INSTANCE or"
                    + " /OBJECT/INSTANCE/RESOURCE, not \"" + path + "\"");
        }
        Objects.requireNonNull(pmin, "pmin");
        Objects.requireNonNull(pmax, "pmax");
        Objects.requireNonNull(greaterThan, "greaterThan");
        Objects.requireNonNull(lessThan, "lessThan");
        Objects.requireNonNull(step, "step");
        if (pmin.isPresent() && pmax.isPresent() && pmax.get().compareTo(pmin.get()) < 0) {
            throw new IllegalArgumentException(path + ": pmax must not be under pmin");
        }
    }
}
