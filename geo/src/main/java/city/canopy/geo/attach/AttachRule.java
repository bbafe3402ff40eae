package city.canopy.geo.attach;

/**
 * How far from a feature of a layer a device may stand and still be meant to speak about it. Comes from a pack.
 *
 * @param layer the layer to look in
 * @param maxMeters the greatest distance in metres; 0 for "inside a polygon only"
 */
public record AttachRule(String layer, double maxMeters) {
    public AttachRule {
        if (!(maxMeters >= 0 && maxMeters <= 10_000)) {
            throw new IllegalArgumentException("layer " + layer + ": the distance must be 0 to 10000 m");
        }
    }
}
