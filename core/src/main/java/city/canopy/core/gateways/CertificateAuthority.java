package city.canopy.core.gateways;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The installation's own certificate authority: an EC P-256 key and a self-signed certificate in {@code data.dir/ca/},
 * made at first need. It signs the certificates by which gateways log in, and the MQTT door's own where
 * {@code mqtt.tls.own} is set. Whoever has {@code ca.key} can make certificates, but none that logs anybody in: those
 * must also stand in the database.
 *
 * <p>Immutable after {@link #load}; any thread.
 */
public final class CertificateAuthority {
    /** How long a gateway's certificate, and the door's own, is valid. */
    public static final Duration VALID = Duration.ofDays(730);

    private static final Duration AUTHORITY_VALID = Duration.ofDays(7_300);
    /** Gateways may have woken up with a clock that is behind. */
    private static final Duration SLACK = Duration.ofHours(1);

    private static final String KEY = "ca.key";
    private static final String CERTIFICATE = "ca.pem";
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Clock clock;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Reads key and certificate, or makes them.
     *
     * @param folder {@code data.dir/ca}
     * @throws IllegalStateException when they are not what they should be: the message says what to do
     */
    public static CertificateAuthority load(Path folder, Clock clock) {
        Path keyFile = folder.resolve(KEY);
        Path certificateFile = folder.resolve(CERTIFICATE);
        try {
            if (!Files.exists(certificateFile)) {
                make(keyFile, certificateFile, clock);
            }
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(PemFile.read(keyFile, PemFile.PRIVATE_KEY)));
            return new CertificateAuthority(
                    certificate(PemFile.read(certificateFile, PemFile.CERTIFICATE)), key, clock);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    keyFile + " and " + certificateFile + " are not a key and its certificate (" + e.getMessage()
                            + "): put them back from the backup",
                    e);
        }
    }

    private static void make(Path keyFile, Path certificateFile, Clock clock) throws GeneralSecurityException {
        KeyPair pair = keyPair();
        // Two installations' authorities, and one made anew, are told apart in a list by the number.
        X500Name name = name("Canopy " + HexFormat.of().toHexDigits(RANDOM.nextInt()));
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                serial(),
                Date.from(now.minus(SLACK)),
                Date.from(now.plus(AUTHORITY_VALID)),
                name,
                pair.getPublic());
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
        } catch (IOException e) {
            throw new GeneralSecurityException("an extension could not be written", e);
        }
        X509Certificate made = sign(builder, pair.getPrivate());
        // The certificate last: where it is, the key is as well.
        PemFile.write(
                keyFile, PemFile.text(PemFile.PRIVATE_KEY, pair.getPrivate().getEncoded()));
        PemFile.write(certificateFile, PemFile.text(PemFile.CERTIFICATE, made.getEncoded()));
    }

    static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    /** The authority's certificate, PEM. */
    public String pem() {
        return pem(certificate);
    }

    /** Whether this certificate's signature is the authority's. */
    boolean hasSigned(X509Certificate other) {
        try {
            other.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // Any failure means the same here: it is not ours.
            return false;
        }
    }

    /** A certificate for a gateway's key, by which it proves its name to the MQTT door. */
    X509Certificate forGateway(String id, PublicKey subject) {
        return issue(id, subject, KeyPurposeId.id_kp_clientAuth, null);
    }

    /** @param names the subject's alternative names */
    X509Certificate forServer(String name, PublicKey subject, ASN1Encodable names) {
        return issue(name, subject, KeyPurposeId.id_kp_serverAuth, names);
    }

    private X509Certificate issue(String name, PublicKey subject, KeyPurposeId purpose, ASN1Encodable names) {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                serial(),
                Date.from(now.minus(SLACK)),
                Date.from(now.plus(VALID)),
                name(name),
                subject);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            add(builder, Extension.basicConstraints, true, new BasicConstraints(false));
            add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            add(builder, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            add(builder, Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(subject));
            add(builder, Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
            if (names != null) {
                add(builder, Extension.subjectAlternativeName, false, names);
            }
            return sign(builder, key);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate of " + name + " could not be made", e);
        }
    }

    private static void add(
            X509v3CertificateBuilder builder, ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value)
            throws IOException {
        builder.addExtension(kind, critical, value);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return certificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new GeneralSecurityException("the certificate could not be signed", e);
        }
    }

    private static X500Name name(String common) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, common).build();
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
    }

    static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static String pem(X509Certificate certificate) {
        try {
            return PemFile.text(PemFile.CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    /** The SHA-256 of its DER form, by which it is known. */
    static byte[] fingerprint(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }
}
