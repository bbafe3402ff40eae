package city.canopy.devices.envelope;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A gateway's configuration with the service's signature, as it travels on {@code canopy/v1/gateways/{gateway}/config}
 * and as the gateway keeps it:
 *
 * <pre>{"payload": "base64", "signature": "base64", "alg": "Ed25519"}</pre>
 *
 * <p>The signature is over the payload's bytes, which are {@link GatewayConfigurationJson}, packed by gzip where that
 * has more than {@value #PACKED_FROM} bytes.
 */
public final class SignedConfiguration {
    /** Payloads of more bytes are packed. */
    public static final int PACKED_FROM = 64 * 1024;
    /** The longest signed configuration in bytes. */
    public static final int MAX_BYTES = 24 << 20;

    /** The longest one that the service sends: the door keeps so much ready for each gateway. */
    public static final int MAX_SENT_BYTES = 4 << 20;

    private static final String ALGORITHM = "Ed25519";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(4)
                        .maxStringLength(MAX_BYTES)
                        .maxDocumentLength(MAX_BYTES)
                        .build());
    }

    private SignedConfiguration() {}

    /** The bytes that are sent. */
    public static byte[] sign(GatewayConfiguration configuration, PrivateKey key) {
        byte[] payload = packed(GatewayConfigurationJson.write(configuration));
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(payload);
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("payload", payload)
                    .put("signature", signature.sign())
                    .put("alg", ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this is no " + ALGORITHM + " key", e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /**
     * Reads what was sent.
     *
     * @param key the service's
     * @throws ConfigurationException when it is none, or not signed by that key; then nothing of it may be used
     */
    public static GatewayConfiguration verify(byte[] signed, PublicKey key) throws ConfigurationException {
        if (signed.length > MAX_BYTES) {
            throw new ConfigurationException("a signed configuration has at most " + MAX_BYTES + " bytes");
        }
        byte[] payload;
        boolean right;
        try {
            JsonNode json = JSON.readTree(signed);
            if (json == null
                    || !json.isObject()
                    || !ALGORITHM.equals(json.path("alg").asText())) {
                throw new ConfigurationException("a signed configuration is an object with \"alg\": \"" + ALGORITHM
                        + "\", \"payload\" and \"signature\"");
            }
            payload = json.path("payload").binaryValue();
            byte[] given = json.path("signature").binaryValue();
            if (payload == null || given == null) {
                throw new ConfigurationException("payload and signature are texts in base64");
            }
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(payload);
            right = signature.verify(given);
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigurationException("not a signed configuration: " + e.getMessage(), e);
        }
        if (!right) {
            throw new ConfigurationException("the configuration is not signed by the service that this gateway knows");
        }
        return GatewayConfigurationJson.read(unpacked(payload));
    }

    /** The public key as it is told at enrolment: base64 of its DER form. */
    public static String write(PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** @throws ConfigurationException when the text is no key */
    public static PublicKey key(String base64) throws ConfigurationException {
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new ConfigurationException("not an " + ALGORITHM + " public key in base64", e);
        }
    }

    private static byte[] packed(byte[] json) {
        if (json.length <= PACKED_FROM) {
            return json;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory could not be packed", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpacked(byte[] payload) throws ConfigurationException {
        if (payload.length < 2 || payload[0] != 0x1f || payload[1] != (byte) 0x8b) {
            return payload;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(payload))) {
            byte[] json = gzip.readNBytes(GatewayConfigurationJson.MAX_BYTES + 1);
            if (json.length > GatewayConfigurationJson.MAX_BYTES) {
                throw new ConfigurationException(
                        "a configuration has at most " + GatewayConfigurationJson.MAX_BYTES + " bytes unpacked");
            }
            return json;
        } catch (IOException e) {
            throw new ConfigurationException("the configuration cannot be unpacked: " + e.getMessage(), e);
        }
    }
}
