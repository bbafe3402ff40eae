package city.canopy.core.gateways;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A wish for a certificate (PKCS#10) whose sender has shown that it holds the key. Its subject is not looked at: the
 * service gives the name.
 *
 * @param key EC of 256 bits or more, or RSA of 2048 or more
 * @param der its bytes; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent")
record Csr(PublicKey key, byte[] der) {
    /** The longest text that is looked at. */
    static final int MAX_CHARS = 16_384;

    private static final int EC_BITS = 256;
    private static final int RSA_BITS = 2048;
    private static final int MOST_BITS = 8192;

    /** @throws GatewayException {@code bad_csr} when it is none, its signature is wrong or its key is weak */
    static Csr read(String pem) {
        try {
            List<byte[]> blocks = pem.length() > MAX_CHARS ? List.of() : PemFile.blocks(pem, "CERTIFICATE REQUEST");
            if (blocks.size() != 1) {
                throw bad("it is one PEM block CERTIFICATE REQUEST of at most " + MAX_CHARS + " characters");
            }
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(blocks.get(0));
            PublicKey key = request.getPublicKey();
            int bits = key instanceof ECPublicKey ec
                    ? ec.getParams().getOrder().bitLength()
                    : key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 0;
            if (bits < (key instanceof RSAPublicKey ? RSA_BITS : EC_BITS) || bits > MOST_BITS) {
                throw bad("its key is EC (P-256, P-384, P-521) or RSA of " + RSA_BITS + " to " + MOST_BITS + " bits");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw bad("its signature is not made by its own key");
            }
            return new Csr(key, blocks.get(0));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException e) {
            throw bad("it cannot be read");
        }
    }

    private static GatewayException bad(String why) {
        return new GatewayException("bad_csr", "\"csr\" is not a certificate request that can be signed: " + why + ".");
    }
}
