package city.canopy.core.ogc;

import java.util.Optional;

/** The strong tag of a feature: its version. */
record ETag(long version) {
    /** Whether an {@code If-Match} or {@code If-None-Match} names this one, by itself or by {@code *}. */
    boolean isNamedBy(Optional<String> header) {
        if (header.isEmpty()) {
            return false;
        }
        for (String tag : header.get().split(",", 100)) {
            String bare = tag.strip();
            if (bare.equals("*") || bare.equals(toString())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "\"" + version + "\"";
    }
}
