package city.canopy.core.app;

import city.canopy.devices.unit.Conversion;
import city.canopy.devices.unit.Units;
import city.canopy.geo.file.AttributeMapping;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * One {@code --map}: {@code NAME=COLUMN}, then perhaps {@code :girth} where a trunk's girth is to become its diameter, and
 * {@code :FROM>TO} with two UCUM codes, or {@code in} and {@code ft}.
 */
final class ColumnOption implements CommandLine.ITypeConverter<AttributeMapping.Column> {
    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9_]{0,62})=([^:]+)(:girth)?(?::([^>:]+)>([^>:]+))?");
    private static final Map<String, String> IMPERIAL = Map.of("in", "[in_i]", "ft", "[ft_i]");

    @Override
    public AttributeMapping.Column convert(String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new CommandLine.TypeConversionException(
                    "\"" + value + "\" is not NAME=COLUMN, NAME=COLUMN:girth, NAME=COLUMN:in>cm or both of these");
        }
        double factor = form.group(3) == null ? 1 : 1 / Math.PI;
        if (form.group(4) != null) {
            factor *= factor(form.group(4), form.group(5));
        }
        return new AttributeMapping.Column(form.group(1), form.group(2).strip(), factor, Map.of());
    }

    private static double factor(String from, String to) {
        Conversion conversion = Units.conversion(IMPERIAL.getOrDefault(from, from), IMPERIAL.getOrDefault(to, to))
                .orElseThrow(() -> new CommandLine.TypeConversionException(
                        from + " cannot be turned into " + to + "; use UCUM codes of one kind, or in and ft"));
        if (conversion.apply(0) != 0) {
            throw new CommandLine.TypeConversionException(from + " and " + to + " have different zero points");
        }
        return conversion.apply(1);
    }
}
