package city.canopy.core.gateways;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * The Ed25519 key that signs what gateways are told, in {@code data.dir/ca/config.key}. Gateways learn its public half at
 * their enrolment and take nothing that another has signed; a lost key means that they all enrol again.
 */
final class ConfigurationKey {
    private static final String FILE = "config.key";
    private static final String ALGORITHM = "Ed25519";

    private ConfigurationKey() {}

    /**
     * Reads the key, or makes it where there is none yet.
     *
     * @throws IllegalStateException when the file is no such key
     */
    static KeyPair load(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                KeyPair fresh = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                PemFile.write(
                        file,
                        PemFile.text(PemFile.PRIVATE_KEY, fresh.getPrivate().getEncoded())
                                + PemFile.text(
                                        PemFile.PUBLIC_KEY, fresh.getPublic().getEncoded()));
            }
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(PemFile.read(file, PemFile.PUBLIC_KEY))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(PemFile.read(file, PemFile.PRIVATE_KEY))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(file + " is not an Ed25519 key: put it back from the backup", e);
        }
    }
}
