package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import java.time.ZoneId;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/** Whether a feature may be kept in a layer; {@link PgLayers} names the limits. */
final class FeatureChecks {
    private final ZoneId zone;

    FeatureChecks(ZoneId zone) {
        this.zone = zone;
    }

    /** @throws IllegalArgumentException when it may not; it says which feature and why */
    void check(LayerDefinition definition, GeoFeature feature) {
        if (!feature.layer().equals(definition.name())) {
            throw refused(feature, "it belongs to layer " + feature.layer() + ", not to " + definition.name());
        }
        checkShape(feature);
        checkProperties(feature);
        checkKind(definition, feature);
    }

    private static void checkShape(GeoFeature feature) {
        if (feature.id().isEmpty() || feature.id().length() > 200) {
            throw refused(feature, "its id must have 1 to 200 characters");
        }
        Geometry geometry = feature.geometry();
        if (geometry.isEmpty()) {
            throw refused(feature, "it has no geometry");
        }
        if (geometry.getNumPoints() > PgLayers.MAX_VERTICES) {
            throw refused(feature, "it has over " + PgLayers.MAX_VERTICES + " vertices: simplify or split it");
        }
        Envelope envelope = geometry.getEnvelopeInternal();
        boolean onEarth = envelope.getMinX() >= -180
                && envelope.getMaxX() <= 180
                && envelope.getMinY() >= -90
                && envelope.getMaxY() <= 90;
        if (!onEarth) {
            throw refused(feature, "it lies outside -180 to 180 and -90 to 90 degrees: are lon and lat exchanged?");
        }
    }

    private void checkProperties(GeoFeature feature) {
        if (feature.properties().size() > PgLayers.MAX_PROPERTIES) {
            throw refused(feature, "it has over " + PgLayers.MAX_PROPERTIES + " properties");
        }
        feature.properties().forEach((name, value) -> checkProperty(feature, name, value));
        try {
            Validity.of(feature.properties(), zone);
            Provenance.of(feature.properties());
        } catch (IllegalArgumentException e) {
            throw refused(feature, e.getMessage());
        }
    }

    private static void checkProperty(GeoFeature feature, String name, Object value) {
        boolean known = value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
        if (!known) {
            throw refused(feature, "its property " + name + " is neither text, number nor boolean");
        }
        if (value instanceof String text && text.length() > PgLayers.MAX_TEXT) {
            throw refused(feature, "its property " + name + " has over " + PgLayers.MAX_TEXT + " characters");
        }
    }

    static void checkKind(LayerDefinition definition, GeoFeature feature) {
        if (!definition.kind().takes(feature.geometry())) {
            throw refused(
                    feature,
                    "it is a " + feature.geometry().getGeometryType() + ", but the layer takes "
                            + definition.kind().word() + " geometries");
        }
    }

    private static IllegalArgumentException refused(GeoFeature feature, String why) {
        return refused(feature.layer(), feature.id(), why);
    }

    static IllegalArgumentException refused(String layer, String id, String why) {
        return new IllegalArgumentException("feature " + id + " of layer " + layer + ": " + why);
    }
}
