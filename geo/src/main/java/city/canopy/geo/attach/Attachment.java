package city.canopy.geo.attach;

/** Which feature a place belongs to, and how sure that is. */
public sealed interface Attachment {
    /** The place lies in the polygon. */
    record Inside(String layer, String featureId) implements Attachment {}

    /**
     * The nearest feature.
     *
     * @param meters how far, in metres
     * @param certainty 0.25 to 1, by the formula at {@link Attacher}: 1 right on a feature with no other about, less the
     *     farther it is, and less the nearer the second one is
     */
    record Near(String layer, String featureId, double meters, double certainty) implements Attachment {}

    /**
     * The nearest feature, which is a line: a road, a drain.
     *
     * @param meters how far from it, in metres
     * @param chainageMeters how far along it, in metres from where its drawing begins; the parts of a line of several
     *     count one after the other
     * @param certainty as of {@link Near}
     */
    record OnLine(String layer, String featureId, double meters, double chainageMeters, double certainty)
            implements Attachment {}

    /** Nothing within the distance. */
    record None() implements Attachment {}
}
