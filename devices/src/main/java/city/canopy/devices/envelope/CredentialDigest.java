package city.canopy.devices.envelope;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a gateway knows tokens and passwords without having them: by their HMAC-SHA-256 under a key that is the gateway's
 * alone, so that what one gateway keeps opens nothing elsewhere. Each part goes in behind its length, four bytes, the
 * highest first. Any thread.
 */
public final class CredentialDigest {
    /** Bytes of the key. */
    public static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException when these are not the hexadecimal digits of 32 bytes */
    public CredentialDigest(String keyHex) {
        byte[] bytes = HexFormat.of().parseHex(keyHex);
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("the key of digests has " + KEY_BYTES + " bytes, not " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, "HmacSHA256");
    }

    /** Of a token. */
    public String of(String token) {
        return hex(token);
    }

    /** Of a user name with its password. */
    public String of(String username, String password) {
        return hex(username, password);
    }

    private String hex(String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(new byte[] {
                    (byte) (bytes.length >>> 24),
                    (byte) (bytes.length >>> 16),
                    (byte) (bytes.length >>> 8),
                    (byte) bytes.length
                });
                mac.update(bytes);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot do HMAC-SHA-256", e);
        }
    }
}
