package city.canopy.core.http;

import city.canopy.core.gateways.Gateways;
import city.canopy.devices.envelope.EnvelopeJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Optional;

/**
 * How a gateway gets its certificate: by its one-time token, or the next one by the certificate that it has. Without
 * log-in: the token, or the signature, is the proof. Failures count against the address as failed log-ins do.
 */
public final class EnrolRoutes implements Routes {
    private final Gateways gateways;
    private final Reached reached;
    private final Audit audit;

    /** What a gateway must know of the MQTT door to find and trust it. */
    public interface Reached {
        /** The TLS port; -1 when the door has none. */
        int port();

        /** The longest MQTT packet that the door takes, in bytes. */
        int messageBytes();

        /**
         * By which name or address.
         *
         * @param called the name by which the service was called just now
         */
        String host(String called);

        /** Whom the gateway trusts, PEM. */
        String trusted();

        /** By which key the gateway knows its configuration, base64. */
        String configurationKey();
    }

    public EnrolRoutes(Gateways gateways, Reached reached, Audit audit) {
        this.gateways = gateways;
        this.reached = reached;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        api.post("/api/v1/gateways/enrol")
                .named("enrolGateway", "A gateway's certificate for its one-time token, or its next one")
                .open()
                .json(Schema.object(
                        "csr",
                        Schema.says(Schema.text(), "PKCS#10, PEM"),
                        "token?",
                        Schema.text(),
                        "renew?",
                        Schema.flag(),
                        "certificate?",
                        Schema.says(Schema.text(), "to renew: the certificate that it has, PEM"),
                        "proof?",
                        Schema.says(
                                Schema.text(),
                                "to renew: base64 of the signature, by the key of that certificate (SHA-256), over"
                                        + " \"canopy-renew\", a line feed and the DER form of csr")))
                .forgetsKeys()
                .answers(
                        200,
                        "what the gateway needs",
                        Schema.object(
                                "gateway",
                                Schema.text(),
                                "certificate",
                                Schema.text(),
                                "certificate_ends_at",
                                Schema.time(),
                                "ca",
                                Schema.text(),
                                "config_key",
                                Schema.text(),
                                "mqtt",
                                Schema.object("host", Schema.text(), "port", Schema.integer())))
                .blocking(this::enrol);
    }

    private Answer enrol(Call call) {
        JsonBody body = call.json();
        String csr = body.text("csr");
        boolean renew = body.optionalFlag("renew").orElse(false);
        Optional<String> token = body.optionalText("token");
        Optional<String> certificate = body.optionalText("certificate");
        Optional<byte[]> proof = body.optionalText("proof").map(text -> bytes(body, text));
        body.done();
        checkReady(reached);
        String address = call.origin().address();
        Gateways.Enrolled enrolled = GatewayRoutes.attempt(() -> renew
                ? gateways.renew(
                        certificate.orElseThrow(() -> missing("certificate")),
                        csr,
                        proof.orElseThrow(() -> missing("proof")),
                        address)
                : gateways.enrol(token.orElseThrow(() -> missing("token")), csr, address));
        String id = enrolled.gateway().value();
        audit.write("gateway:" + id, renew ? "gateway.renew" : "gateway.enrol", id);
        return Answer.json(json(enrolled, call));
    }

    /** A gateway that could not get its messages through is not let in. */
    static void checkReady(Reached reached) {
        if (reached.port() < 0) {
            throw ProblemException.conflict(
                    "mqtt_tls_off",
                    "Gateways log in over TLS, which is off: set mqtt.tls.own: true, or mqtt.tls.cert and key, and"
                            + " start the service again. The token is not used up.");
        }
        if (reached.messageBytes() < EnvelopeJson.MAX_BYTES) {
            throw ProblemException.conflict(
                    "mqtt_messages_too_short",
                    "Gateways send messages of up to " + EnvelopeJson.MAX_BYTES
                            + " bytes, and mqtt.limits.message_bytes"
                            + " is " + reached.messageBytes() + ": set it to " + EnvelopeJson.MAX_BYTES
                            + " or more, and start the service again. The token is not used up.");
        }
    }

    private static byte[] bytes(JsonBody body, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw body.wrong("proof", "a signature in base64");
        }
    }

    private static ProblemException missing(String name) {
        return ProblemException.unacceptable("missing_member", "\"" + name + "\" is missing.");
    }

    private ObjectNode json(Gateways.Enrolled enrolled, Call call) {
        ObjectNode json = Json.object()
                .put("gateway", enrolled.gateway().value())
                .put("certificate", enrolled.chain())
                .put("certificate_ends_at", enrolled.notAfter().toString())
                .put("ca", reached.trusted())
                .put("config_key", reached.configurationKey());
        json.putObject("mqtt").put("host", reached.host(called(call))).put("port", reached.port());
        return json;
    }

    /** The name by which the service was called, without the port. */
    private static String called(Call call) {
        String host = call.origin().authority();
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        String bare = end > 0 ? host.substring(0, end) : host;
        return bare.startsWith("[") && bare.endsWith("]") ? bare.substring(1, bare.length() - 1) : bare;
    }
}
