package city.canopy.core.layers;

import city.canopy.geo.file.FeatureCheck;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.time.ZoneId;
import java.util.Optional;

/** Whether a feature of a file fits a layer: what {@link PgLayers} would refuse is told of the one feature. Any thread. */
public final class FeatureFit implements FeatureCheck {
    private final LayerDefinition definition;
    private final FeatureChecks checks;

    /** @param zone in which days begin, for features that are valid from or to a date */
    public FeatureFit(LayerDefinition definition, ZoneId zone) {
        this.definition = definition;
        this.checks = new FeatureChecks(zone);
    }

    @Override
    public Optional<Wrong> check(GeoFeature feature) {
        if (!definition.kind().takes(feature.geometry())) {
            return Optional.of(new Wrong(
                    Cause.WRONG_KIND,
                    "it is a " + feature.geometry().getGeometryType() + ", but the layer takes "
                            + definition.kind().word() + " geometries"));
        }
        try {
            checks.check(definition, feature);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            String start = "feature " + feature.id() + " of layer " + feature.layer() + ": ";
            String why = e.getMessage();
            return Optional.of(
                    new Wrong(Cause.BAD_PROPERTIES, why.startsWith(start) ? why.substring(start.length()) : why));
        }
    }
}
