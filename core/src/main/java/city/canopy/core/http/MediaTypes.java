package city.canopy.core.http;

import java.util.Locale;

/** Reading {@code Content-Type} and {@code Accept}. */
final class MediaTypes {
    private MediaTypes() {}

    /** The media type without its parameters, in lower case; empty text for null. */
    static String bare(String header) {
        if (header == null) {
            return "";
        }
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether {@code accept} names this type with a weight above the one for JSON. */
    static boolean prefers(String accept, String mediaType) {
        return weight(accept, mediaType, false) > weight(accept, "application/json", true);
    }

    private static double weight(String accept, String mediaType, boolean byWildcard) {
        double best = 0;
        for (String range : accept.split(",", 64)) {
            String bare = bare(range);
            boolean hit = bare.equals(mediaType) || byWildcard && (bare.equals("*/*") || bare.equals("application/*"));
            if (hit) {
                best = Math.max(best, quality(range) - (bare.contains("*") ? 0.0005 : 0));
            }
        }
        return best;
    }

    private static double quality(String range) {
        int at = range.indexOf("q=");
        if (at < 0) {
            return 1;
        }
        String text = range.substring(at + 2).split("[;,\\s]", 2)[0];
        try {
            return Math.min(1, Math.max(0, Double.parseDouble(text)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
