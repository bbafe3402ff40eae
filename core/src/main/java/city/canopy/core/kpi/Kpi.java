package city.canopy.core.kpi;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A figure that tells how well a domain is run.
 *
 * @param id its name, {@code [a-z0-9][a-z0-9-]{0,63}}
 * @param pack the pack that brings it
 * @param title its name for people, by language ({@code vi}, {@code en})
 * @param unit the UCUM code of its value; {@code 1} for a count
 * @param better in which direction it is better
 * @param target what it is to reach
 * @param measure what it is made of
 */
public record Kpi(
        String id,
        String pack,
        Map<String, String> title,
        String unit,
        Better better,
        Optional<Double> target,
        Measure measure) {
    /** In which direction it is better. */
    public enum Better {
        HIGHER,
        LOWER;

        /** As it is written and shown. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Kpi {
        if (!id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("a KPI is named by [a-z0-9][a-z0-9-]{0,63}, not " + id);
        }
        Objects.requireNonNull(pack, "pack");
        title = Map.copyOf(title);
        if (unit.isBlank() || unit.length() > 32) {
            throw new IllegalArgumentException("the unit of the KPI " + id + " has 1 to 32 characters");
        }
        Objects.requireNonNull(better, "better");
        Objects.requireNonNull(measure, "measure");
        if (target.isPresent() && !Double.isFinite(target.get())) {
            throw new IllegalArgumentException("the target of the KPI " + id + " is a finite number");
        }
    }
}
