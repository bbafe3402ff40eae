package city.canopy.core.http;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A gateway's key, and what it makes of it. */
final class GatewayKey {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyPair pair;

    GatewayKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        pair = generator.generateKeyPair();
    }

    PKCS10CertificationRequest request(PrivateKey signer) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=administrator"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
    }

    /** A request for a certificate, PEM. It asks for a name that is not the gateway's. */
    String csr() throws Exception {
        return pem(request(pair.getPrivate()).getEncoded());
    }

    /** A request that this key has not signed. */
    String forgedCsr() throws Exception {
        return pem(request(new GatewayKey().pair.getPrivate()).getEncoded());
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    /** Proves by this key that it asks for that request. */
    String proof(String csr) throws Exception {
        String body = csr.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update("canopy-renew\n".getBytes(StandardCharsets.US_ASCII));
        signature.update(Base64.getDecoder().decode(body));
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    /** TLS with this key and its certificates, trusting that authority. */
    SSLContext tls(String chain, String ca) throws Exception {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", pair.getPrivate(), PASSWORD, certificates.toArray(new Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(ca));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
