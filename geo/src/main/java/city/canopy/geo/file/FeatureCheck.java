package city.canopy.geo.file;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.util.Optional;

/** Whether a feature that is well in itself fits where it is to go. */
@FunctionalInterface
public interface FeatureCheck {
    /** What is wrong with a feature, in words for people. */
    record Wrong(Cause cause, String detail) {}

    /** Takes everything. */
    FeatureCheck NONE = feature -> Optional.empty();

    /** Empty where the feature fits. */
    Optional<Wrong> check(GeoFeature feature);
}
