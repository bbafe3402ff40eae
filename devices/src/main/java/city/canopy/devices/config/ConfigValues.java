package city.canopy.devices.config;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;

/** Texts to the types that configuration records use. */
final class ConfigValues {
    /** What a port reads as when it says {@code off}. */
    private static final int OFF = -1;

    private ConfigValues() {}

    /** @throws ConfigException when the text does not fit the type */
    static Object parse(Class<?> type, String where, String text) {
        try {
            if (type == String.class) {
                return text;
            } else if (type == Secret.class) {
                return new Secret(text);
            } else if (type == int.class) {
                return text.equalsIgnoreCase("off") ? OFF : Integer.parseInt(text.replace("_", ""));
            } else if (type == long.class) {
                return Long.parseLong(text.replace("_", ""));
            } else if (type == double.class) {
                return Double.parseDouble(text);
            } else if (type == boolean.class) {
                return truth(text);
            } else if (type == Duration.class) {
                return Duration.parse(text.toUpperCase(Locale.ROOT));
            } else if (type == Path.class) {
                return text.isEmpty() ? null : Path.of(text);
            } else if (type == ZoneId.class) {
                return ZoneId.of(text);
            } else if (type.isEnum()) {
                return constant(type, text);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // A secret that does not parse cannot occur: every text is one.
            throw new ConfigException(where + ": " + expected(type) + ", not \"" + text + "\"");
        }
        throw new IllegalStateException("no configuration record may hold a " + type);
    }

    private static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> ((Enum<?>) c).name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String expected(Class<?> type) {
        if (type == boolean.class) {
            return "write true or false";
        } else if (type == Duration.class) {
            return "write a duration such as PT30S, PT6H or P30D";
        } else if (type == ZoneId.class) {
            return "write a time zone such as Asia/Ho_Chi_Minh";
        } else if (type == double.class) {
            return "write a number";
        } else if (type.isEnum()) {
            return "write one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
        }
        return "write a whole number";
    }
}
