package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.locationtech.jts.geom.Envelope;

/**
 * What an edit did to a layer.
 *
 * @param layer the layer's name
 * @param version at which it stands now
 * @param ids the features that were touched
 * @param boxes where something looks different now, lon/lat: the boxes of those features before and after; one that
 *     holds all of them when they would be more than {@value #MAX_BOXES}
 */
public record LayerChange(String layer, long version, List<String> ids, List<Envelope> boxes) {
    /** How many boxes are told apart. */
    public static final int MAX_BOXES = 50;

    public LayerChange {
        Objects.requireNonNull(layer, "layer");
        ids = List.copyOf(ids);
        boxes = List.copyOf(boxes);
    }

    /** Gathers what is touched. For one thread. */
    static final class Gatherer {
        private final List<String> ids = new ArrayList<>();
        private final List<Envelope> boxes = new ArrayList<>();
        private final Envelope all = new Envelope();

        void touch(String id, Optional<GeoFeature> before, Optional<GeoFeature> after) {
            ids.add(id);
            before.ifPresent(this::add);
            after.ifPresent(this::add);
        }

        private void add(GeoFeature feature) {
            Envelope box = feature.geometry().getEnvelopeInternal();
            all.expandToInclude(box);
            if (boxes.size() <= MAX_BOXES && !boxes.contains(box)) {
                boxes.add(box);
            }
        }

        LayerChange of(String layer, long version) {
            return new LayerChange(layer, version, ids, boxes.size() > MAX_BOXES ? List.of(all) : boxes);
        }
    }
}
