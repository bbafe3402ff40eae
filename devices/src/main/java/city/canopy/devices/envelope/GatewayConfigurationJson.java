package city.canopy.devices.envelope;

import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway's configuration as it is signed and sent. Times of observations are whole seconds.
 *
 * <pre>{"gateway": "gw-1", "version": 7, "issued_at": "2026-11-03T05:00:00Z", "digest_key": "…",
 *  "devices": [{"id": "soil-1", "profile": "generic-soil", "credentials": [{"kind": "psk", "identity": "soil-1", "key": "…"}]}],
 *  "observe": {"generic-soil": [{"path": "/3303", "pmin": 60, "pmax": 900, "st": 0.5}]}}</pre>
 */
public final class GatewayConfigurationJson {
    /** How many devices one gateway can have. */
    public static final int MAX_DEVICES = 20_000;
    /** How many credentials a device can have. */
    public static final int MAX_CREDENTIALS = 8;
    /** How many profiles, and how many observations of each. */
    public static final int MAX_OBSERVED = 1_000;
    /** The longest configuration in bytes, unpacked. */
    public static final int MAX_BYTES = 16 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(8)
                        .maxDocumentLength(MAX_BYTES)
                        .build());
    }

    private GatewayConfigurationJson() {}

    /** @throws IllegalArgumentException when it has more than can be sent */
    public static byte[] write(GatewayConfiguration configuration) {
        if (configuration.devices().size() > MAX_DEVICES) {
            throw new IllegalArgumentException("a gateway has at most " + MAX_DEVICES + " devices");
        }
        ObjectNode json = JSON.createObjectNode()
                .put("gateway", configuration.gateway().value())
                .put("version", configuration.version())
                .put("issued_at", configuration.issuedAt().toString())
                .put("digest_key", configuration.digestKeyHex());
        ArrayNode devices = json.putArray("devices");
        configuration.devices().forEach(device -> write(devices.addObject(), device));
        ObjectNode observe = json.putObject("observe");
        configuration.observe().keySet().stream().sorted().forEach(profile -> {
            ArrayNode list = observe.putArray(profile);
            configuration.observe().get(profile).forEach(observation -> write(list.addObject(), observation));
        });
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    private static void write(ObjectNode json, EdgeDevice device) {
        json.put("id", device.id().value()).put("profile", device.profile());
        ArrayNode credentials = json.putArray("credentials");
        for (Credential credential : device.credentials()) {
            ObjectNode node = credentials.addObject();
            if (credential instanceof Credential.Psk psk) {
                node.put("kind", "psk").put("identity", psk.identity()).put("key", psk.keyHex());
            } else if (credential instanceof Credential.X509 x509) {
                node.put("kind", "x509").put("fingerprint", x509.fingerprintHex());
            } else if (credential instanceof Credential.Token token) {
                node.put("kind", "token").put("digest", token.digestHex());
            } else if (credential instanceof Credential.Password password) {
                node.put("kind", "password")
                        .put("username", password.username())
                        .put("digest", password.digestHex());
            }
        }
    }

    private static void write(ObjectNode json, Observation observation) {
        json.put("path", observation.path());
        observation.pmin().ifPresent(pmin -> json.put("pmin", pmin.toSeconds()));
        observation.pmax().ifPresent(pmax -> json.put("pmax", pmax.toSeconds()));
        observation.greaterThan().ifPresent(value -> json.put("gt", value));
        observation.lessThan().ifPresent(value -> json.put("lt", value));
        observation.step().ifPresent(value -> json.put("st", value));
    }

    /** @throws ConfigurationException when it is none, or has more than the limits allow */
    public static GatewayConfiguration read(byte[] bytes) throws ConfigurationException {
        JsonNode json = tree(bytes);
        try {
            List<EdgeDevice> devices = new ArrayList<>();
            for (JsonNode device : list(json, "devices", MAX_DEVICES)) {
                devices.add(device(device));
            }
            Map<String, List<Observation>> observe = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> profile : json.path("observe").properties()) {
                List<Observation> observations = new ArrayList<>();
                for (JsonNode observation : bounded(profile.getValue(), "observe", MAX_OBSERVED)) {
                    observations.add(observation(observation));
                }
                observe.put(profile.getKey(), observations);
                if (observe.size() > MAX_OBSERVED) {
                    throw new IllegalArgumentException("observe has at most " + MAX_OBSERVED + " profiles");
                }
            }
            return new GatewayConfiguration(
                    new DeviceId(text(json, "gateway")),
                    whole(json, "version"),
                    Instant.parse(text(json, "issued_at")),
                    text(json, "digest_key"),
                    devices,
                    observe);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new ConfigurationException("not a gateway's configuration: " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(byte[] bytes) throws ConfigurationException {
        if (bytes.length > MAX_BYTES) {
            throw new ConfigurationException("a configuration has at most " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json == null || !json.isObject()) {
                throw new ConfigurationException("a configuration is a JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            // The message of the parser's own exception may quote the document, which holds keys.
            throw new ConfigurationException("a configuration is not readable as JSON");
        } catch (IOException e) {
            throw new ConfigurationException("a configuration is not readable: " + e.getMessage(), e);
        }
    }

    private static EdgeDevice device(JsonNode json) {
        List<Credential> credentials = new ArrayList<>();
        for (JsonNode credential : list(json, "credentials", MAX_CREDENTIALS)) {
            credentials.add(credential(credential));
        }
        return new EdgeDevice(new DeviceId(text(json, "id")), text(json, "profile"), credentials);
    }

    private static Credential credential(JsonNode json) {
        String kind = text(json, "kind");
        return switch (kind) {
            case "psk" -> new Credential.Psk(text(json, "identity"), text(json, "key"));
            case "x509" -> new Credential.X509(text(json, "fingerprint"));
            case "token" -> new Credential.Token(text(json, "digest"));
            case "password" -> new Credential.Password(text(json, "username"), text(json, "digest"));
            default -> throw new IllegalArgumentException("a credential's kind is psk, x509, token or password");
        };
    }

    private static Observation observation(JsonNode json) {
        return new Observation(
                text(json, "path"),
                seconds(json, "pmin"),
                seconds(json, "pmax"),
                number(json, "gt"),
                number(json, "lt"),
                number(json, "st"));
    }

    private static JsonNode list(JsonNode json, String name, int most) {
        return bounded(json.path(name), name, most);
    }

    private static JsonNode bounded(JsonNode list, String name, int most) {
        if (!list.isArray() || list.size() > most) {
            throw new IllegalArgumentException(name + " is a list of at most " + most);
        }
        return list;
    }

    private static String text(JsonNode json, String name) {
        JsonNode node = json.path(name);
        if (!node.isTextual()) {
            throw new IllegalArgumentException(name + " is a text");
        }
        return node.textValue();
    }

    private static long whole(JsonNode json, String name) {
        JsonNode node = json.path(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new IllegalArgumentException(name + " is a whole number");
        }
        return node.longValue();
    }

    private static Optional<Duration> seconds(JsonNode json, String name) {
        return json.has(name) ? Optional.of(Duration.ofSeconds(whole(json, name))) : Optional.empty();
    }

    private static Optional<Double> number(JsonNode json, String name) {
        if (!json.has(name)) {
            return Optional.empty();
        }
        if (!json.get(name).isNumber()) {
            throw new IllegalArgumentException(name + " is a number");
        }
        return Optional.of(json.get(name).doubleValue());
    }
}
