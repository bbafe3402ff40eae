package city.canopy.gateway.lwm2m;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.LwM2m.Version;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.link.DefaultLinkParser;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.LinkParseException;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.core.peer.SocketIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.server.registration.Registration;

/** Registrations as they are kept over a restart. They hold no secret. */
final class RegistrationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RegistrationJson() {}

    static byte[] write(Registration registration) {
        ObjectNode json = JSON.createObjectNode()
                .put("endpoint", registration.getEndpoint())
                .put("id", registration.getId())
                .put("uri", registration.getEndpointUri().toString())
                .put("scheme", registration.getEndpointUri().getScheme())
                .put("host", registration.getEndpointUri().getHost())
                .put("port", registration.getEndpointUri().getPort())
                .put("address", registration.getAddress().getHostAddress())
                .put("peer_port", registration.getPort())
                .put("lifetime", registration.getLifeTimeInSec())
                .put("version", registration.getLwM2mVersion().toString())
                .put("binding", BindingMode.toString(registration.getBindingMode()))
                .put("registered", registration.getRegistrationDate().getTime())
                .put("updated", registration.getLastUpdate().getTime())
                .put("root", registration.getRootPath())
                .put("links", new DefaultLinkSerializer().serializeCoreLinkFormat(registration.getObjectLinks()));
        if (registration.getQueueMode() != null) {
            json.put("queue", registration.getQueueMode());
        }
        identity(json, registration.getClientTransportData().getIdentity());
        ArrayNode formats = json.putArray("formats");
        registration.getSupportedContentFormats().forEach(format -> formats.add(format.getCode()));
        ObjectNode objects = json.putObject("objects");
        registration.getSupportedObject().forEach((id, version) -> objects.put(id.toString(), version.toString()));
        ArrayNode instances = json.putArray("instances");
        registration.getAvailableInstances().forEach(path -> instances.add(path.toString()));
        ObjectNode attributes = json.putObject("attributes");
        registration.getAdditionalRegistrationAttributes().forEach(attributes::put);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void identity(ObjectNode json, LwM2mIdentity identity) {
        if (identity instanceof PskIdentity psk) {
            json.put("psk", psk.getPskIdentity());
        } else if (identity instanceof X509Identity x509) {
            json.put("x509", x509.getX509CommonName());
        }
    }

    /**
     * A registration as it was, heard of just now: while the gateway was away nobody could update it.
     *
     * @throws IOException when the bytes are none
     */
    static Registration read(byte[] bytes, Date now) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        InetSocketAddress address = new InetSocketAddress(
                json.path("address").asText(), json.path("peer_port").asInt());
        IpPeer peer = new IpPeer(address, identity(json, address));
        EndpointUri uri = new EndpointUri(
                json.path("scheme").asText(),
                json.path("host").asText(),
                json.path("port").asInt());
        Registration.Builder builder = new Registration.Builder(
                        json.path("id").asText(), json.path("endpoint").asText(), peer, uri)
                .lifeTimeInSec(json.path("lifetime").asLong())
                .lwM2mVersion(LwM2mVersion.get(json.path("version").asText()))
                .bindingMode(BindingMode.parse(json.path("binding").asText()))
                .registrationDate(new Date(json.path("registered").asLong()))
                .lastUpdate(now)
                .rootPath(json.path("root").asText("/"));
        if (json.has("queue")) {
            builder.queueMode(json.get("queue").asBoolean());
        }
        try {
            builder.objectLinks(new DefaultLinkParser()
                    .parseCoreLinkFormat(json.path("links").asText().getBytes(StandardCharsets.UTF_8)));
        } catch (LinkParseException e) {
            throw new IOException("not the links of a registration: " + e.getMessage(), e);
        }
        objects(json, builder);
        return builder.build();
    }

    private static LwM2mIdentity identity(JsonNode json, InetSocketAddress address) {
        if (json.has("psk")) {
            return new PskIdentity(json.get("psk").asText());
        }
        return json.has("x509") ? new X509Identity(json.get("x509").asText()) : new SocketIdentity(address);
    }

    private static void objects(JsonNode json, Registration.Builder builder) {
        Set<ContentFormat> formats = new HashSet<>();
        json.path("formats").forEach(format -> formats.add(ContentFormat.fromCode(format.asInt())));
        Map<Integer, Version> objects = new HashMap<>();
        json.path("objects")
                .properties()
                .forEach(each -> objects.put(
                        Integer.valueOf(each.getKey()),
                        new Version(each.getValue().asText())));
        Set<LwM2mPath> instances = new HashSet<>();
        json.path("instances").forEach(path -> instances.add(new LwM2mPath(path.asText())));
        Map<String, String> attributes = new LinkedHashMap<>();
        json.path("attributes")
                .properties()
                .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
        builder.supportedContentFormats(formats)
                .supportedObjects(objects)
                .availableInstances(instances)
                .additionalRegistrationAttributes(attributes);
    }
}
