package city.canopy.gateway.lwm2m;

import city.canopy.gateway.store.StateStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The key and certificate with which the gateway shows devices who it is. Never printed. */
final class ServerIdentity {
    private static final String SPACE = "lwm2m.identity";
    private static final Duration VALID = Duration.ofDays(3650);

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /**
     * The one that the configuration names, else the one that was made before, else a new one, which is kept.
     *
     * @throws IllegalStateException when the files cannot be used
     */
    static ServerIdentity of(LwM2mConfig config, StateStore state, Clock clock) {
        try {
            if (config.certificate() != null) {
                return read(config.certificate(), config.privateKey());
            }
            Optional<byte[]> key = state.find(SPACE, "key");
            Optional<byte[]> certificate = state.find(SPACE, "certificate");
            return key.isPresent() && certificate.isPresent()
                    ? new ServerIdentity(key(key.get()), certificates(certificate.get()))
                    : make(state, clock);
        } catch (GeneralSecurityException | IOException | OperatorCreationException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the gateway's key and certificate for DTLS cannot be used; name a PEM file of each: "
                            + e.getMessage(),
                    e);
        }
    }

    private static ServerIdentity read(Path certificate, Path key) throws GeneralSecurityException, IOException {
        String pem = Files.readString(key, StandardCharsets.US_ASCII);
        String body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
        return new ServerIdentity(key(Base64.getDecoder().decode(body)), certificates(Files.readAllBytes(certificate)));
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static List<X509Certificate> certificates(byte[] bytes) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static ServerIdentity make(StateStore state, Clock clock)
            throws GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=canopy-gateway");
        Instant now = clock.instant();
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                new BigInteger(120, new SecureRandom()),
                                // A clock that is wrong at the first start must not make a certificate of the future.
                                Date.from(Instant.parse("2024-01-01T00:00:00Z")),
                                Date.from(now.plus(VALID)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        state.put(SPACE, "key", pair.getPrivate().getEncoded()).join();
        state.put(SPACE, "certificate", certificate.getEncoded()).join();
        return new ServerIdentity(pair.getPrivate(), List.of(certificate));
    }
}
