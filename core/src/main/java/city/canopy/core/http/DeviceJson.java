package city.canopy.core.http;

import city.canopy.core.registry.DeviceRow;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Enrolment.NewCredential;
import city.canopy.core.series.StoredReading;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How devices and the wish for one look in JSON. */
final class DeviceJson {
    private DeviceJson() {}

    static ObjectNode schema() {
        return Schema.object(
                "id",
                Schema.text(),
                "profile",
                Schema.text(),
                "name?",
                Schema.text(),
                "attach?",
                attach(),
                "position?",
                Schema.position(),
                "place?",
                Schema.position(),
                "moving?",
                Schema.flag(),
                "gateway?",
                Schema.text(),
                "needs_credential?",
                Schema.says(
                        Schema.flag(),
                        "its gateway cannot know the token or password that was issued before: issue a new credential"),
                "disabled",
                Schema.flag(),
                "online?",
                Schema.flag(),
                "online_at?",
                Schema.time(),
                "enrolled_at",
                Schema.time(),
                "last_seen_at?",
                Schema.time(),
                "battery?",
                Schema.number(),
                "reports_every_s?",
                Schema.integer(),
                "attributes?",
                Schema.any(),
                "credentials?",
                Schema.any());
    }

    static ObjectNode wishSchema() {
        return Schema.object(
                "id",
                Schema.text(),
                "profile",
                Schema.text(),
                "name?",
                Schema.text(),
                "credentials?",
                credentialSchema(),
                "attach?",
                attach(),
                "position?",
                Schema.position(),
                "moving?",
                Schema.flag(),
                "gateway?",
                Schema.text());
    }

    static ObjectNode credentialSchema() {
        return Schema.object(
                "kind",
                Schema.oneOf("token", "password", "x509", "psk"),
                "token?",
                Schema.text(),
                "username?",
                Schema.text(),
                "password?",
                Schema.text(),
                "certificate?",
                Schema.text(),
                "fingerprint?",
                Schema.text(),
                "identity?",
                Schema.text(),
                "key?",
                Schema.text());
    }

    private static ObjectNode attach() {
        return Schema.object("layer", Schema.text(), "feature_id", Schema.text());
    }

    static ObjectNode of(DeviceRow row) {
        Device device = row.device();
        ObjectNode json = Json.object().put("id", device.id().value()).put("profile", device.profile());
        row.name().ifPresent(name -> json.put("name", name));
        Binding binding = device.binding();
        if (binding instanceof Binding.ToFeature feature) {
            json.putObject("attach").put("layer", feature.layer()).put("feature_id", feature.featureId());
        } else if (binding instanceof Binding.At at) {
            json.putArray("position").add(at.position().lon()).add(at.position().lat());
        } else if (binding instanceof Binding.Moving) {
            json.put("moving", true);
        }
        if (device.gateway() != null) {
            json.put("gateway", device.gateway().value());
        }
        if (row.needsCredential()) {
            json.put("needs_credential", true);
        }
        json.put("disabled", row.disabled());
        row.online().ifPresent(online -> json.put("online", online));
        row.onlineAt().ifPresent(at -> json.put("online_at", at.toString()));
        json.put("enrolled_at", device.enrolledAt().toString());
        json.set("attributes", Json.read(row.attributes().getBytes(StandardCharsets.UTF_8)));
        return json;
    }

    /** What is known of a device from its profile and from what it last said. */
    static void addLatest(ObjectNode json, Optional<DeviceProfile> profile, List<StoredReading> latest) {
        profile.ifPresent(
                known -> json.put("reports_every_s", known.reportEvery().toSeconds()));
        latest.stream()
                .map(StoredReading::receivedAt)
                .max(Instant::compareTo)
                .ifPresent(at -> json.put("last_seen_at", at.toString()));
        latest.stream()
                .filter(reading -> reading.stream().quantity().name().equals("battery"))
                .findFirst()
                .ifPresent(reading -> json.put("battery", reading.value()));
    }

    static ObjectNode issued(Enrolment.Issued issued) {
        ObjectNode json = Json.object().put("kind", issued.kind());
        boolean psk = issued.kind().equals("psk");
        issued.username().ifPresent(name -> json.put(psk ? "identity" : "username", name));
        issued.secret()
                .ifPresent(
                        secret -> json.put(psk ? "key" : issued.kind().equals("token") ? "token" : "password", secret));
        return json;
    }

    static Enrolment enrolment(JsonBody body) {
        String id = body.text("id");
        if (!DeviceId.isValid(id)) {
            throw body.wrong("id", "1 to 64 of letters, digits, '.', '_', ':' and '-'");
        }
        Enrolment wish = new Enrolment(
                new DeviceId(id),
                body.text("profile"),
                body.optionalText("name"),
                binding(body).orElseGet(Binding.Unplaced::new),
                body.optionalText("gateway").map(gateway -> deviceId(body, gateway)),
                body.optionalObject("credentials").map(credentials -> {
                    NewCredential credential = credential(credentials);
                    credentials.done();
                    return credential;
                }));
        body.done();
        return wish;
    }

    static DeviceId deviceId(JsonBody body, String text) {
        if (!DeviceId.isValid(text)) {
            throw body.wrong("gateway", "a device's id");
        }
        return new DeviceId(text);
    }

    /** What the body binds the device to; empty where it says nothing. */
    static Optional<Binding> binding(JsonBody body) {
        Optional<JsonBody> attach = body.optionalObject("attach");
        Optional<JsonNode> position = body.find("position").filter(node -> !node.isNull());
        boolean moving = body.optionalFlag("moving").orElse(false);
        if ((attach.isPresent() ? 1 : 0) + (position.isPresent() ? 1 : 0) + (moving ? 1 : 0) > 1) {
            throw ProblemException.unacceptable(
                    "bad_member", "Give one of \"attach\", \"position\" and \"moving\", not several.");
        }
        if (attach.isPresent()) {
            Binding binding = new Binding.ToFeature(
                    attach.get().text("layer"), attach.get().text("feature_id"));
            attach.get().done();
            return Optional.of(binding);
        }
        if (position.isPresent()) {
            return Optional.of(new Binding.At(position(body, position.get())));
        }
        return moving ? Optional.of(new Binding.Moving()) : Optional.empty();
    }

    static Position position(JsonBody body, JsonNode node) {
        if (!node.isArray()
                || node.size() != 2
                || !node.get(0).isNumber()
                || !node.get(1).isNumber()) {
            throw body.wrong("position", "[longitude, latitude] in degrees");
        }
        try {
            return new Position(node.get(0).asDouble(), node.get(1).asDouble());
        } catch (IllegalArgumentException e) {
            throw body.wrong("position", "[longitude, latitude]: " + e.getMessage());
        }
    }

    static NewCredential credential(JsonBody body) {
        return switch (body.text("kind")) {
            case "token" -> new NewCredential.Token(body.optionalText("token"));
            case "password" -> new NewCredential.Password(body.text("username"), body.optionalText("password"));
            case "x509" ->
                new NewCredential.Certificate(body.optionalText("fingerprint").orElseGet(() -> fingerprint(body)));
            case "psk" -> new NewCredential.Psk(body.optionalText("identity"), body.optionalText("key"));
            default -> throw body.wrong("kind", "token, password, x509 or psk");
        };
    }

    private static String fingerprint(JsonBody body) {
        try {
            Certificate certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(body.text("certificate").getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw body.wrong("certificate", "an X.509 certificate in PEM");
        }
    }
}
