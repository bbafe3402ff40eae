package city.canopy.core.style;

import java.util.Locale;
import java.util.Optional;

/** For what light a style is made; the order is that of the colours in the style files. */
public enum Theme {
    LIGHT,
    DARK;

    /** The style's id in addresses: {@code light}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The theme of that wire name, if there is one. */
    public static Optional<Theme> find(String wire) {
        for (Theme theme : values()) {
            if (theme.wire().equals(wire)) {
                return Optional.of(theme);
            }
        }
        return Optional.empty();
    }
}
