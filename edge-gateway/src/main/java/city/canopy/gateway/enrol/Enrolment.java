package city.canopy.gateway.enrol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * How the gateway gets its certificate: with a one-time token the first time, with the certificate that it has afterwards.
 * The key is made here and never leaves. Blocking.
 */
public final class Enrolment {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final URI service;
    private final Path dataDir;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param service where the service answers, such as {@code https://canopy.example.vn} */
    public Enrolment(URI service, Path dataDir) {
        this.service = service;
        this.dataDir = dataDir;
    }

    /**
     * Enrols the gateway; the token is used up.
     *
     * @throws IOException when it did not work; the message says what to do
     */
    public Identity enrol(String token) throws IOException, InterruptedException {
        KeyPair keys = newKeys();
        ObjectNode wish = JSON.createObjectNode().put("token", token).put("csr", pem(request(keys)));
        return Identity.keep(dataDir, keys.getPrivate(), ask(wish));
    }

    /** Gets the next certificate, proving to hold the key of the one that it has. */
    public Identity renew(Identity identity) throws IOException, InterruptedException {
        KeyPair keys = newKeys();
        PKCS10CertificationRequest request = request(keys);
        ObjectNode wish = JSON.createObjectNode()
                .put("renew", true)
                .put("csr", pem(request))
                .put("certificate", pem(identity.certificate()))
                .put("proof", proof(identity.key(), request));
        return Identity.keep(dataDir, keys.getPrivate(), ask(wish));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make P-256 keys", e);
        }
    }

    private static PKCS10CertificationRequest request(KeyPair keys) {
        try {
            // The service names the gateway itself, whatever stands here.
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=gateway"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("this Java cannot sign with P-256", e);
        }
    }

    private static String proof(PrivateKey key, PKCS10CertificationRequest request) throws IOException {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update("canopy-renew\n".getBytes(StandardCharsets.US_ASCII));
            signature.update(request.getEncoded());
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("the gateway's key cannot sign: " + e.getMessage(), e);
        }
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }

    private ObjectNode ask(ObjectNode wish) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/api/v1/gateways/enrol"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(wish)))
                .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new IOException("the service at " + service + " does not answer; is service.url right?", e);
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new IOException(service + " does not answer as the service does; is service.url right?", e);
        }
        if (response.statusCode() != OK || !(answer instanceof ObjectNode object)) {
            throw new IOException("the service refuses: "
                    + (answer == null
                            ? response.statusCode()
                            : answer.path("detail").asText("" + response.statusCode())));
        }
        return object;
    }
}
