package city.canopy.geo.tile;

/**
 * Spherical Web Mercator (EPSG:3857) on a world of side 1: x from the date line eastward, y from the northern edge at
 * latitude 85.0511 southward.
 */
final class Mercator {
    /** What lies beyond is drawn on the edge. */
    static final double MAX_LATITUDE = 85.051_128_779_806_59;

    private Mercator() {}

    static double x(double lon) {
        return lon / 360 + 0.5;
    }

    static double y(double lat) {
        double sine = Math.sin(Math.toRadians(Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat))));
        return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
}
