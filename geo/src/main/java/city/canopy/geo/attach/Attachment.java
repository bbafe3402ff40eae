package city.canopy.geo.attach;

/** Which feature a place belongs to, and how sure that is. */
public sealed interface Attachment {
    /** The place lies in the polygon. */
    record Inside(String layer, String featureId) implements Attachment {}

    /**
     * The nearest feature.
     *
     * @param meters how far, in metres
     * @param certainty 0 to 1: 1 where no other feature comes into question, near 0.5 where a second one is as near
     */
    record Near(String layer, String featureId, double meters, double certainty) implements Attachment {}

    /** Nothing within the distance. */
    record None() implements Attachment {}
}
