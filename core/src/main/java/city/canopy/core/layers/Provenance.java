package city.canopy.core.layers;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a feature's place comes from, as its properties {@value #ACCURACY}, {@value #SOURCE} and {@value #SURVEYED} say.
 *
 * @param accuracyMeters how far off its place may be, 0 to 100,000 m
 * @param source who or what brought it, 200 characters at most
 * @param surveyedOn the day on which it was measured
 */
public record Provenance(Optional<Double> accuracyMeters, Optional<String> source, Optional<LocalDate> surveyedOn) {
    public static final String ACCURACY = "accuracy_m";
    public static final String SOURCE = "source";
    public static final String SURVEYED = "surveyed_on";

    private static final double MAX_METERS = 100_000;
    private static final int MAX_SOURCE = 200;

    public Provenance {
        Objects.requireNonNull(accuracyMeters, "accuracyMeters");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(surveyedOn, "surveyedOn");
    }

    /**
     * As the properties say; what is missing or null is empty.
     *
     * @throws IllegalArgumentException when one of them is not what it should be
     */
    public static Provenance of(Map<String, Object> properties) {
        return new Provenance(
                Optional.ofNullable(properties.get(ACCURACY)).map(Provenance::accuracy),
                Optional.ofNullable(properties.get(SOURCE)).map(Provenance::source),
                Optional.ofNullable(properties.get(SURVEYED)).map(Provenance::day));
    }

    private static double accuracy(Object value) {
        if (value instanceof Number meters && meters.doubleValue() >= 0 && meters.doubleValue() <= MAX_METERS) {
            return meters.doubleValue();
        }
        throw new IllegalArgumentException(ACCURACY + " must be 0 to 100000 metres, not " + value);
    }

    private static String source(Object value) {
        String text = value.toString();
        if (text.length() > MAX_SOURCE) {
            throw new IllegalArgumentException(SOURCE + " has over " + MAX_SOURCE + " characters");
        }
        return text;
    }

    private static LocalDate day(Object value) {
        try {
            return LocalDate.parse(value.toString());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(SURVEYED + " must be a day such as 2026-03-31, not " + value, e);
        }
    }
}
