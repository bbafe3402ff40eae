package city.canopy.gateway.enrol;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.PrivateFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who the gateway is, since its enrolment: its name, its key and certificate, the authority that it trusts, where the
 * service's MQTT door is, and by which key it knows its configuration. Kept in one file that only the gateway's own account
 * may read. Immutable; never printed.
 */
public final class Identity {
    /** The file's name in the gateway's data folder. */
    public static final String FILE = "identity.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DeviceId gateway;
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> trusted;
    private final String mqttHost;
    private final int mqttPort;
    private final PublicKey configurationKey;

    /**
     * Puts one together out of what the service answered.
     *
     * @param answer the members {@code gateway}, {@code certificate}, {@code ca}, {@code config_key} and {@code mqtt}
     * @throws IOException when something is missing in it or cannot be read
     */
    Identity(PrivateKey key, JsonNode answer) throws IOException {
        try {
            this.key = key;
            this.gateway = new DeviceId(text(answer, "gateway"));
            this.chain = certificates(text(answer, "certificate"));
            this.trusted = certificates(text(answer, "ca"));
            this.mqttHost = text(answer.path("mqtt"), "host");
            this.mqttPort = answer.path("mqtt").path("port").asInt();
            this.configurationKey = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text(answer, "config_key"))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the service's answer cannot be used: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode json, String name) throws IOException {
        JsonNode node = json.get(name);
        if (node == null || !node.isTextual()) {
            throw new IOException("\"" + name + "\" is missing");
        }
        return node.asText();
    }

    private static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Certificate each : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            certificates.add((X509Certificate) each);
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        return certificates;
    }

    /** The kept one; empty before the enrolment. */
    public static Optional<Identity> load(Path dataDir) throws IOException {
        Path file = dataDir.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode json = JSON.readTree(Files.readAllBytes(file));
        try {
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text(json, "key"))));
            return Optional.of(new Identity(key, json));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Keeps what the service answered, with the key. */
    static Identity keep(Path dataDir, PrivateKey key, ObjectNode answer) throws IOException {
        Identity identity = new Identity(key, answer);
        ObjectNode kept = answer.deepCopy();
        kept.put("key", Base64.getEncoder().encodeToString(key.getEncoded()));
        Files.createDirectories(dataDir);
        PrivateFiles.write(
                dataDir.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(kept));
        return identity;
    }

    public DeviceId gateway() {
        return gateway;
    }

    /** {@code ssl://host:port} of the service's MQTT door. */
    public String mqttUrl() {
        return "ssl://" + (mqttHost.contains(":") ? "[" + mqttHost + "]" : mqttHost) + ":" + mqttPort;
    }

    /** By which the configuration is verified. */
    public PublicKey configurationKey() {
        return configurationKey;
    }

    PrivateKey key() {
        return key;
    }

    /** The gateway's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** TLS as this gateway, trusting the installation's authority and no other. */
    public SSLContext tls() {
        try {
            KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            own.setKeyEntry("gateway", key, new char[0], chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                authorities.setCertificateEntry("ca-" + i, trusted.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the gateway's certificate cannot be used: " + e.getMessage(), e);
        }
    }
}
