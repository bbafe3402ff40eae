package city.canopy.geo.file;

import java.util.Objects;
import java.util.Optional;

/**
 * What a person says about a file beyond what stands in it.
 *
 * @param table which table or layer of a file that holds several
 * @param x the column of the easting or longitude, for tables of text
 * @param y the column of the northing or latitude
 * @param wkt the column of a geometry as well-known text
 * @param encoding how texts are encoded, where the file does not say or says it wrongly: a Java charset, or
 *     {@code TCVN3}
 * @param tags which objects of an OpenStreetMap file are taken
 */
public record FormatOptions(
        Optional<String> table,
        Optional<String> x,
        Optional<String> y,
        Optional<String> wkt,
        Optional<String> encoding,
        Optional<OsmTags> tags) {
    /** Nothing is said. */
    public static final FormatOptions NONE =
            new FormatOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public FormatOptions {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(x, "x");
        Objects.requireNonNull(y, "y");
        Objects.requireNonNull(wkt, "wkt");
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(tags, "tags");
    }

    /** What is said of a file that is not OpenStreetMap's. */
    public FormatOptions(
            Optional<String> table,
            Optional<String> x,
            Optional<String> y,
            Optional<String> wkt,
            Optional<String> encoding) {
        this(table, x, y, wkt, encoding, Optional.empty());
    }

    /** The same with these tags. */
    public FormatOptions with(Optional<OsmTags> others) {
        return new FormatOptions(table, x, y, wkt, encoding, others);
    }
}
