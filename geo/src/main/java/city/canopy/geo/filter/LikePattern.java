package city.canopy.geo.filter;

import java.util.Locale;

/**
 * The pattern of a LIKE: % stands for any run of characters, _ for one, \ makes the next one stand for itself. Matching
 * takes at most pattern times text steps; no regular expression is made. Immutable.
 */
public final class LikePattern {
    private static final char RUN = '%';
    private static final char ONE = '_';
    private static final char ESCAPE = '\\';

    private final char[] pattern;
    /** RUN or ONE where a wildcard stands, else 0. */
    private final char[] wild;

    private final boolean matchCase;

    public LikePattern(String text, boolean matchCase) {
        this.matchCase = matchCase;
        String source = matchCase ? text : fold(text);
        StringBuilder characters = new StringBuilder();
        StringBuilder wildcards = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == ESCAPE && i + 1 < source.length()) {
                characters.append(source.charAt(++i));
                wildcards.append('\0');
            } else {
                characters.append(c);
                wildcards.append(c == RUN || c == ONE ? c : '\0');
            }
        }
        this.pattern = characters.toString().toCharArray();
        this.wild = wildcards.toString().toCharArray();
    }

    public boolean matches(String value) {
        String text = matchCase ? value : fold(value);
        int t = 0;
        int p = 0;
        int afterRun = -1;
        int runEnd = 0;
        while (t < text.length()) {
            if (p < pattern.length && wild[p] == RUN) {
                afterRun = ++p;
                runEnd = t;
            } else if (p < pattern.length && (wild[p] == ONE || wild[p] == '\0' && pattern[p] == text.charAt(t))) {
                p++;
                t++;
            } else if (afterRun >= 0) {
                p = afterRun;
                t = ++runEnd;
            } else {
                return false;
            }
        }
        while (p < pattern.length && wild[p] == RUN) {
            p++;
        }
        return p == pattern.length;
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
