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
 */
public record FormatOptions(
        Optional<String> table,
        Optional<String> x,
        Optional<String> y,
        Optional<String> wkt,
        Optional<String> encoding) {
    /** Nothing is said. */
    public static final FormatOptions NONE =
            new FormatOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public FormatOptions {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(x, "x");
        Objects.requireNonNull(y, "y");
        Objects.requireNonNull(wkt, "wkt");
        Objects.requireNonNull(encoding, "encoding");
    }
}
