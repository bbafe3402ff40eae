package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One step in the life of a feature.
 *
 * @param version the version that began with it; of a removal the version that ended
 * @param state what the feature was from then on; empty when it was removed
 * @param at when it was done; empty for states of before this was kept
 * @param by who did it; empty likewise
 */
public record FeatureVersion(long version, Optional<GeoFeature> state, Optional<Instant> at, Optional<String> by) {
    public FeatureVersion {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(by, "by");
    }
}
