package city.canopy.core.search;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text as a search compares it: lower case and without diacritics, so that "cay xanh" finds "Cây xanh". */
final class Folding {
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    private Folding() {}

    static String fold(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        String bare =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        // The one Vietnamese letter whose stroke is no mark of its own.
        return bare.replace('đ', 'd').replace('Đ', 'd').toLowerCase(Locale.ROOT);
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
