package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.MqttLogin;
import city.canopy.core.access.Principal;
import city.canopy.devices.envelope.SignedConfiguration;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.vertx.core.Context;
import io.vertx.mqtt.MqttEndpoint;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients in: who are they, and may they have their client id. Sessions end with their connection; what a client
 * must find again lives in tables. A user name may be a token, so none is logged. Event loop only.
 */
final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    /** Room for the largest configuration of a gateway, which is one message. */
    private static final int GATEWAY_OUTBOUND_BYTES = SignedConfiguration.MAX_SENT_BYTES + (64 << 10);

    private final MqttDoor door;
    private final Context loop;
    private final MqttLogin login;
    private final int perCredential;
    private final Map<String, Client> clients = new HashMap<>();
    /** The connections of each credential, the oldest first. */
    private final Map<String, Set<Client>> byCredential = new HashMap<>();

    Reception(MqttDoor door, Context loop, MqttLogin login, int perCredential) {
        this.door = door;
        this.loop = loop;
        this.login = login;
        this.perCredential = perCredential;
    }

    /** A CONNECT has come. Nothing more is read until it is answered. */
    void connected(MqttEndpoint endpoint, Gate gate) {
        Wire wire = new Wire(endpoint, gate.socket(), door.limits().outboundBytes(), door.groupsAcknowledgements());
        wire.pause();
        gate.paused(true);
        MqttConnectReturnCode refusal = refusal(endpoint);
        if (refusal != null) {
            reject(endpoint, gate, refusal);
            return;
        }
        String username = endpoint.auth() == null ? null : endpoint.auth().getUsername();
        byte[] password = gate.takePassword();
        X509Certificate certificate = certificate(endpoint);
        boolean anonymous = username == null && password == null && certificate == null;
        login.authenticate(
                        username,
                        password,
                        certificate,
                        endpoint.remoteAddress().hostAddress())
                .whenComplete((who, failure) -> loop.runOnContext(nothing -> {
                    if (!gate.isOpen()) {
                        return;
                    }
                    if (failure != null) {
                        LOG.error("A client could not be logged in", failure);
                        reject(endpoint, gate, unavailable(endpoint));
                    } else if (who.isEmpty()) {
                        door.meters().loginRefused();
                        reject(endpoint, gate, anonymous ? notAuthorized(endpoint) : badCredentials(endpoint));
                    } else {
                        welcome(endpoint, gate, wire, who.get());
                    }
                }));
    }

    /** What a CONNECT is refused for before anybody asks who it is, or null. */
    private MqttConnectReturnCode refusal(MqttEndpoint endpoint) {
        if (door.isStopping()) {
            return unavailable(endpoint);
        }
        // The decoder below minds the length for MQTT 3.1 only.
        String client = endpoint.clientIdentifier();
        if (client != null && client.length() > door.limits().clientIdLength()) {
            return isMqtt5(endpoint)
                    ? MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID
                    : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
        }
        if (!isMqtt5(endpoint)) {
            return null;
        }
        if (endpoint.connectProperties().getProperty(MqttProperties.AUTHENTICATION_METHOD) != null) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD;
        }
        if (endpoint.will() != null
                && endpoint.will().isWillFlag()
                && endpoint.will().getWillQos() > 1) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED;
        }
        return null;
    }

    private void welcome(MqttEndpoint endpoint, Gate gate, Wire wire, Principal principal) {
        if (door.isStopping()) {
            reject(endpoint, gate, unavailable(endpoint));
            return;
        }
        boolean nameless = endpoint.clientIdentifier() == null;
        if (nameless) {
            endpoint.setClientIdentifier(UUID.randomUUID().toString());
        }
        Client before = clients.get(endpoint.clientIdentifier());
        if (before != null) {
            if (!before.principal().actor().equals(principal.actor())) {
                door.meters().takeOverRefused();
                reject(
                        endpoint,
                        gate,
                        isMqtt5(endpoint)
                                ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                                : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED);
                return;
            }
            before.end(Cause.TAKEN_OVER);
        }
        Set<Client> same = byCredential.get(principal.actor());
        if (same != null && same.size() >= perCredential) {
            same.iterator().next().end(Cause.TOO_MANY_OF_CREDENTIAL);
        }
        if (principal instanceof Principal.OfGateway) {
            wire.allow(GATEWAY_OUTBOUND_BYTES);
        }
        Client client = new Client(door, endpoint, gate, wire, principal);
        client.listen();
        clients.put(endpoint.clientIdentifier(), client);
        byCredential
                .computeIfAbsent(principal.actor(), credential -> new LinkedHashSet<>())
                .add(client);
        endpoint.accept(
                false, isMqtt5(endpoint) ? announced(endpoint, principal, nameless) : MqttProperties.NO_PROPERTIES);
        client.resume();
    }

    /** What an MQTT 5 client is told of the door's bounds. */
    private MqttProperties announced(MqttEndpoint endpoint, Principal principal, boolean nameless) {
        MqttProperties properties = new MqttProperties();
        add(properties, MqttProperties.RECEIVE_MAXIMUM, door.limits().inFlight());
        add(properties, MqttProperties.MAXIMUM_QOS, 1);
        if (!(principal instanceof Principal.OfGateway)) {
            // Paho 1.2.5 takes it for the longest packet that it may receive, and leaves over a long configuration. A
            // gateway is told at its enrolment.
            add(properties, MqttProperties.MAXIMUM_PACKET_SIZE, door.limits().messageBytes());
        }
        add(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, MqttLimits.TOPIC_ALIASES);
        add(properties, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, 0);
        add(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
        if (endpoint.connectProperties().getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL) != null) {
            add(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, 0);
        }
        if (nameless) {
            properties.add(new StringProperty(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, endpoint.clientIdentifier()));
        }
        return properties;
    }

    private static void add(MqttProperties properties, int type, int value) {
        properties.add(new IntegerProperty(type, value));
    }

    private static void reject(MqttEndpoint endpoint, Gate gate, MqttConnectReturnCode code) {
        endpoint.reject(code);
        gate.closing();
    }

    private static boolean isMqtt5(MqttEndpoint endpoint) {
        return endpoint.protocolVersion() == Gate.MQTT_5;
    }

    private static MqttConnectReturnCode unavailable(MqttEndpoint endpoint) {
        return isMqtt5(endpoint)
                ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    }

    private static MqttConnectReturnCode badCredentials(MqttEndpoint endpoint) {
        return isMqtt5(endpoint)
                ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD;
    }

    private static MqttConnectReturnCode notAuthorized(MqttEndpoint endpoint) {
        return isMqtt5(endpoint)
                ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
    }

    /** The certificate whose key the client holds, or null. */
    private static X509Certificate certificate(MqttEndpoint endpoint) {
        SSLSession session = endpoint.isSsl() ? endpoint.sslSession() : null;
        if (session == null) {
            return null;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            // It showed none, which is allowed: a token or a password may prove who it is.
            return null;
        }
    }

    /** The client has gone; its id is free, unless it has been taken over. */
    void left(Client client) {
        clients.remove(client.endpoint().clientIdentifier(), client);
        byCredential.computeIfPresent(client.principal().actor(), (credential, same) -> {
            same.remove(client);
            return same.isEmpty() ? null : same;
        });
    }

    /** Ends all connections of a credential's owner. */
    void end(String actor, Cause cause) {
        List.copyOf(byCredential.getOrDefault(actor, Set.of())).forEach(client -> client.end(cause));
    }

    /** All that are logged in. */
    List<Client> clients() {
        return List.copyOf(clients.values());
    }
}
