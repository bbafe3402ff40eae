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
        // PostgreSQL text holds every character but this one.
        detail = detail.replace('\0', '\uFFFD');
    }
}
