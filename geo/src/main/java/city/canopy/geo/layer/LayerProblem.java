package city.canopy.geo.layer;

import java.util.Locale;
import java.util.Objects;

/**
 * Why something of a file was not taken into a layer. Problems are collected and shown, never thrown.
 *
 * @param featureRef which feature: its number in the file, counted from 1, and its id where it has one; or "the file"
 * @param cause the kind of problem
 * @param detail what exactly was found there
 */
public record LayerProblem(String featureRef, Cause cause, String detail) {
    /** Stands as {@link #featureRef()} of what is wrong with the file as a whole; then none of its features is taken. */
    public static final String WHOLE_FILE = "the file";

    public LayerProblem {
        Objects.requireNonNull(featureRef, "featureRef");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
    }

    /** The cause as others read it: a stable code in lower case with underscores. */
    public String code() {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    /** What to do about it. */
    public String remedy() {
        return cause.remedy();
    }

    /** What can be wrong. */
    public enum Cause {
        NOT_JSON("Export the file again: it is cut off or damaged at this place."),
        NOT_GEOJSON("Hand over a GeoJSON FeatureCollection (RFC 7946)."),
        FOREIGN_CRS("Reproject the layer to WGS 84 (EPSG:4326) when exporting, or use a Shapefile or GeoPackage."),
        TOO_MANY_FEATURES("Split the file into several layers."),
        NO_ID("Give every feature an \"id\" of its own, or say which property holds it."),
        BAD_ID("Use an id of 1 to 200 characters."),
        DUPLICATE_ID("Give every feature an id of its own; the first one with this id was taken."),
        NO_GEOMETRY("Draw the feature's geometry, or delete the feature."),
        UNKNOWN_GEOMETRY("Use Point, LineString, Polygon, their Multi forms or GeometryCollection."),
        BAD_GEOMETRY("Export the feature again, or draw it anew: its geometry is damaged or of an uncommon kind."),
        WRONG_KIND("Take points, lines and areas into a layer of their own kind each."),
        BAD_COORDINATES("Write every position as [longitude, latitude], two or three finite numbers."),
        OUT_OF_RANGE("Reproject to degrees: longitude -180 to 180, latitude -90 to 90."),
        SWAPPED_AXES("Swap the axes: the longitude or easting comes first, then the latitude or northing."),
        TOO_FEW_POINTS("Give a line at least two different points and a ring at least four positions."),
        INVALID_RING("Close the ring: its last position must be the same as its first."),
        INVALID_POLYGON("Mend the shape, for instance with \"Fix geometries\" in QGIS."),
        TOO_MANY_VERTICES("Simplify the geometry, or split the feature."),
        OUTSIDE_AREA("Check the coordinate system: the feature lies far from the operating area (site.lon, site.lat)."),
        MISSING_ATTRIBUTE("Fill in the attribute, or map another one to it."),
        BAD_PROPERTIES("Write the properties as an object of texts, finite numbers, true, false and null.");

        private final String remedy;

        Cause(String remedy) {
            this.remedy = remedy;
        }

        /** What to do about it, as a sentence. */
        public String remedy() {
            return remedy;
        }
    }
}
