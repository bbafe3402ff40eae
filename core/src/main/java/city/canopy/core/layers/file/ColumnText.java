package city.canopy.core.layers.file;

import city.canopy.devices.unit.Conversion;
import city.canopy.devices.unit.Units;
import city.canopy.geo.file.AttributeMapping;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an attribute and where it comes from are written in one line: {@code NAME=COLUMN}, then perhaps {@code :girth} where
 * a trunk's girth is to become its diameter, and {@code :FROM>TO} with two UCUM codes, or {@code in} and {@code ft}.
 */
public final class ColumnText {
    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9_]{0,62})=([^:]+)(:girth)?(?::([^>:]+)>([^>:]+))?");
    private static final Map<String, String> IMPERIAL = Map.of("in", "[in_i]", "ft", "[ft_i]");

    private ColumnText() {}

    /** @throws IllegalArgumentException when it is not of this form, or the units do not fit */
    public static AttributeMapping.Column parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not NAME=COLUMN, NAME=COLUMN:girth, NAME=COLUMN:in>cm or both of these");
        }
        double factor = form.group(3) == null ? 1 : 1 / Math.PI;
        if (form.group(4) != null) {
            factor *= factor(form.group(4), form.group(5));
        }
        return new AttributeMapping.Column(form.group(1), form.group(2).strip(), factor, Map.of());
    }

    /** What a number in one unit is multiplied by to be in the other. @throws IllegalArgumentException when it cannot be */
    public static double factor(String from, String to) {
        Conversion conversion = Units.conversion(IMPERIAL.getOrDefault(from, from), IMPERIAL.getOrDefault(to, to))
                .orElseThrow(() -> new IllegalArgumentException(
                        from + " cannot be turned into " + to + "; use UCUM codes of one kind, or in and ft"));
        if (conversion.apply(0) != 0) {
            throw new IllegalArgumentException(from + " and " + to + " have different zero points");
        }
        return conversion.apply(1);
    }
}
