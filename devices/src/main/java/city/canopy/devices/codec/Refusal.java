package city.canopy.devices.codec;

import java.util.Objects;

/**
 * One thing that was not taken, and why.
 *
 * @param code the kind of trouble
 * @param detail one sentence that names the field and says what was expected; at most 500 characters, no secrets
 */
public record Refusal(RefusalCode code, String detail) {
    private static final int MAX_DETAIL = 500;

    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
        if (detail.length() > MAX_DETAIL) {
            detail = detail.substring(0, MAX_DETAIL - 1) + "…";
        }
        detail = storable(detail);
    }

    /** The text without what PostgreSQL's UTF-8 cannot hold: NUL, and halves of surrogate pairs. */
    private static String storable(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                clean = clean == null ? new StringBuilder(text) : clean;
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean == null ? text : clean.toString();
    }
}
