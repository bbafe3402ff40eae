package city.canopy.core.layers;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a feature comes from.
 *
 * @param accuracyMeters how far off its place may be
 * @param source who or what brought it
 * @param updatedAt when it was last changed
 */
public record FeatureOrigin(Optional<Float> accuracyMeters, Optional<String> source, Instant updatedAt) {
    public FeatureOrigin {
        Objects.requireNonNull(accuracyMeters, "accuracyMeters");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }
}
