package city.canopy.geo.file;

import city.canopy.geo.layer.AttributeKind;
import city.canopy.geo.layer.GeoFeature;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes an attribute's numbers alike over a file: where one has a fraction all are read as such, as a table with typed
 * columns has them. An attribute with whole numbers beyond 2^53 is left as it is.
 */
final class NumberKinds {
    private final Set<String> fractions = new HashSet<>();
    private final Set<String> whole = new HashSet<>();
    private final Set<String> large = new HashSet<>();

    void see(GeoFeature feature) {
        feature.properties().forEach((name, value) -> {
            if (value instanceof Number number) {
                if (!AttributeKind.isWhole(number)) {
                    fractions.add(name);
                } else {
                    whole.add(name);
                    if (!AttributeKind.isExact(number.longValue())) {
                        large.add(name);
                    }
                }
            }
        });
    }

    List<GeoFeature> alike(List<GeoFeature> features) {
        Set<String> both = new HashSet<>(fractions);
        both.retainAll(whole);
        both.removeAll(large);
        if (both.isEmpty()) {
            return List.copyOf(features);
        }
        return features.stream().map(feature -> alike(feature, both)).toList();
    }

    private static GeoFeature alike(GeoFeature feature, Set<String> names) {
        Map<String, Object> properties = new LinkedHashMap<>(feature.properties());
        properties.replaceAll((name, value) ->
                names.contains(name) && value instanceof Number number ? (Double) number.doubleValue() : value);
        return new GeoFeature(feature.layer(), feature.id(), feature.geometry(), properties, feature.version());
    }
}
