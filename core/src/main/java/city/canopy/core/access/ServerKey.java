package city.canopy.core.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's own secret of 32 random bytes. What it makes out of tokens and device passwords is stored instead
 * of them, so a copy of the database alone gives nobody a way in. It lives in {@code data.dir/server.key}, readable by
 * the service's own account only, and never in the database. It belongs into the backup: without it every device
 * credential and API token would have to be issued again.
 *
 * <p>Immutable; any thread.
 */
public final class ServerKey {
    /** The file's name inside {@code data.dir}. */
    public static final String FILE = "server.key";

    private static final int BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;
    private final Mac digest;
    private final SecretKeySpec sealing;

    private ServerKey(byte[] key) {
        this.key = key;
        this.digest = mac(derive("credential"));
        this.sealing = new SecretKeySpec(derive("seal"), "AES");
    }

    /**
     * Reads the key, or makes it when the folder has none yet.
     *
     * @param dataDir {@code data.dir}; made when it is not there
     * @throws IllegalStateException when the file is not a key: the message says what to do
     */
    public static ServerKey load(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        try {
            Files.createDirectories(dataDir);
            if (!Files.exists(file)) {
                create(file);
            }
            byte[] key = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (key.length != BYTES) {
                throw new IllegalArgumentException("it has " + key.length + " bytes, not " + BYTES);
            }
            return new ServerKey(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    file + " is not a server key (" + e.getMessage() + "): put it back from the backup", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or make " + file + ": " + e.getMessage(), e);
        }
    }

    private static void create(Path file) throws IOException {
        byte[] fresh = new byte[BYTES];
        RANDOM.nextBytes(fresh);
        Path draft = file.resolveSibling(FILE + "." + ProcessHandle.current().pid());
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.deleteIfExists(draft);
        if (posix) {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(
                draft,
                (Base64.getEncoder().encodeToString(fresh) + "\n").getBytes(StandardCharsets.US_ASCII),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SYNC)
                        .toArray(new StandardOpenOption[0]));
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Another start was quicker: its key is the key.
            Files.exists(file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** What stands in the database for a secret: HMAC-SHA-256 under this key. */
    public byte[] digest(byte[]... parts) {
        Mac mac = fork(digest);
        for (byte[] part : parts) {
            mac.update(new byte[] {
                (byte) (part.length >>> 24), (byte) (part.length >>> 16), (byte) (part.length >>> 8), (byte) part.length
            });
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** Like {@link #digest(byte[][])} for one text. */
    public byte[] digest(String secret) {
        return digest(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that names this key without giving anything of it away; kept in the database to notice a wrong key. */
    public String fingerprint() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(derive("fingerprint"), 12));
    }

    /** Encrypts (AES-256-GCM) what the database must keep but must not be able to read. */
    public byte[] seal(byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot do AES-256-GCM", e);
        }
    }

    /**
     * Gives back what {@link #seal} took.
     *
     * @throws IllegalStateException when it was sealed under another key or has been changed
     */
    public byte[] open(byte[] sealed) {
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("sealed under another server key, or changed since", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private byte[] derive(String purpose) {
        return mac(key).doFinal(("canopy/" + purpose).getBytes(StandardCharsets.US_ASCII));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot do HMAC-SHA-256", e);
        }
    }

    /** A copy with the key schedule already done: twice as quick as a new one, and threads do not meet. */
    private static Mac fork(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java cannot copy an HMAC", e);
        }
    }
}
