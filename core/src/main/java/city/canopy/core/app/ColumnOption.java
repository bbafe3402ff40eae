package city.canopy.core.app;

import city.canopy.core.layers.file.ColumnText;
import city.canopy.geo.file.AttributeMapping;
import picocli.CommandLine;

/** One {@code --map}; see {@link ColumnText}. */
final class ColumnOption implements CommandLine.ITypeConverter<AttributeMapping.Column> {
    @Override
    public AttributeMapping.Column convert(String value) {
        try {
            return ColumnText.parse(value);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }
}
