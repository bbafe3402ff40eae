package city.canopy.devices.codec;

import java.util.Locale;

/**
 * A media type as it came with a message: {@code application/vnd.oma.lwm2m+tlv;path="/3303/0"}.
 *
 * @param name in lower case, without parameters
 * @param path its parameter {@code path}, the place in a LwM2M device that the payload is an answer for; null for none
 */
record MediaType(String name, String path) {
    static MediaType of(String text) {
        String[] parts = text.split(";", 8);
        String path = null;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.regionMatches(true, 0, "path=", 0, 5)) {
                path = part.substring(5).replace("\"", "").strip();
            }
        }
        return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), path);
    }
}
