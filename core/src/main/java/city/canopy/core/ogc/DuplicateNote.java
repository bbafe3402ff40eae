package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.geo.attach.Duplicates;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells who edits a tree that it may stand in the layer under another id too, in the header {@value #HEADER}: the other
 * one's id, percent-encoded, and how many metres they are apart. The edit is done all the same.
 */
final class DuplicateNote {
    static final String HEADER = "possible-duplicate";

    private DuplicateNote() {}

    static Answer on(Answer answer, GeoFeature feature, LayerSnapshot layer, WorkingPlane plane) {
        Optional<Duplicates.Duplicate> found = Duplicates.find(feature, layer, plane);
        return found.isEmpty()
                ? answer
                : answer.with(
                        HEADER,
                        String.format(
                                Locale.ROOT,
                                "%s; meters=%.2f",
                                Links.encoded(found.get().other()),
                                found.get().meters()));
    }
}
