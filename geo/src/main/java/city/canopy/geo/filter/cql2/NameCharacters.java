package city.canopy.geo.filter.cql2;

/**
 * Which characters a name has that stands without quotes in CQL2 text. The standard takes over the names of XML, so that a
 * name may be written with marks of their own behind the letters, as some systems write Vietnamese.
 */
final class NameCharacters {
    /** The first and the last character of each range a name may begin with, beyond ASCII. */
    private static final String BEGINNINGS = "\u00C0\u00D6\u00D8\u00F6\u00F8\u02FF\u0370\u037D\u037F\u1FFE\u200C\u200D"
            + "\u2070\u218F\u2C00\u2FEF\u3001\uDFFF\uF900\uFDCF\uFDF0\uFFFD";

    private NameCharacters() {}

    static boolean begins(char c) {
        return c < 0x80 ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' : isIn(BEGINNINGS, c);
    }

    static boolean goesOn(char c) {
        return begins(c) || c >= '0' && c <= '9' || c == '.' || c >= 0x300 && c <= 0x36F || c == 0x203F || c == 0x2040;
    }

    private static boolean isIn(String ranges, char c) {
        for (int i = 0; i < ranges.length(); i += 2) {
            if (c >= ranges.charAt(i) && c <= ranges.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }
}
