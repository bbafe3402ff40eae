package city.canopy.core.access;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes secrets and ids nobody can guess. */
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** No letters or digits that are easily taken for each other. */
    private static final String READABLE = "abcdefghjkmnpqrstuvwxyz23456789";

    private Secrets() {}

    /** A token of 32 characters, 192 bits. */
    public static String token() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** An id of 16 characters, 96 bits. */
    public static String id() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A password for a person to type: four groups of four, some 79 bits. */
    public static String password() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            if (i > 0 && i % 4 == 0) {
                password.append('-');
            }
            password.append(READABLE.charAt(RANDOM.nextInt(READABLE.length())));
        }
        return password.toString();
    }
}
