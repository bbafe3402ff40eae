package city.canopy.devices.model;

/**
 * A place on the earth in WGS 84 degrees; longitude first, everywhere.
 *
 * @param lon degrees east, -180 to 180
 * @param lat degrees north, -90 to 90
 */
public record Position(double lon, double lat) {
    /** @throws IllegalArgumentException when a coordinate is out of range or not a number */
    public Position {
        if (!(lon >= -180 && lon <= 180)) {
            throw new IllegalArgumentException("longitude must be between -180 and 180, not " + lon);
        }
        if (!(lat >= -90 && lat <= 90)) {
            throw new IllegalArgumentException("latitude must be between -90 and 90, not " + lat);
        }
    }
}
