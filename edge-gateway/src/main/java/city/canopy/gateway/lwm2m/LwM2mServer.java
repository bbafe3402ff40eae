package city.canopy.gateway.lwm2m;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpoint;
import org.eclipse.leshan.server.model.StaticModelProvider;
import org.eclipse.leshan.server.queue.StaticClientAwakeTimeProvider;
import org.eclipse.leshan.transport.californium.identity.DefaultCoapIdentityHandler;
import org.eclipse.leshan.transport.californium.identity.DefaultCoapsIdentityHandler;
import org.eclipse.leshan.transport.californium.identity.IdentityHandlerProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/** Leshan and Californium, set up: ports, limits, keys. */
final class LwM2mServer {
    /**
     * A registration's thread waits until the disk has it, and writes are grouped: so many registrations go into a group.
     * What is sent waits without a thread.
     */
    private static final int THREADS = 16;
    /**
     * How many of a device's last messages are remembered, so that one that comes twice is taken once. Californium remembers
     * all of four minutes unless it is told otherwise: at 2,000 a second that alone would fill a heap of 1 GB.
     */
    private static final int REMEMBERED = 4;

    /**
     * Of each port, as far as the system grants it: when the power comes back all devices register at once, and what does
     * not fit is repeated by them seconds later.
     */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private static final int CONNECTION_ID_BYTES = 6;

    private final CaliforniumServerEndpointsProvider endpoints;
    private final LeshanServer server;

    LwM2mServer(
            LwM2mConfig config,
            ServerIdentity identity,
            KeptRegistrations registrations,
            DirectorySecurity security,
            DeviceCertificates certificates) {
        var builder = new CaliforniumServerEndpointsProvider.Builder(
                new CoapServerProtocolProvider(),
                new CoapsServerProtocolProvider(dtls -> dtls.setCertificateVerifier(certificates)));
        builder.setConfiguration(configuration -> configure(configuration, config));
        if (config.port() != LwM2mConfig.OFF) {
            builder.addEndpoint(new InetSocketAddress(config.host(), config.port()), Protocol.COAP);
        }
        if (config.dtlsPort() != LwM2mConfig.OFF) {
            builder.addEndpoint(new InetSocketAddress(config.host(), config.dtlsPort()), Protocol.COAPS);
        }
        this.endpoints = builder.build();
        LeshanServerBuilder leshan = new LeshanServerBuilder();
        leshan.setEndpointNameProvider(security);
        this.server = leshan.setEndpointsProviders(endpoints)
                .setRegistrationStore(registrations)
                .setSecurityStore(security)
                .setAuthorizer(security)
                .setObjectModelProvider(new StaticModelProvider(ObjectModels.standard()))
                .setPrivateKey(identity.key())
                .setCertificateChain(identity.chain().toArray(X509Certificate[]::new))
                .setClientAwakeTimeProvider(
                        new StaticClientAwakeTimeProvider((int) config.awake().toMillis()))
                .build();
    }

    private static void configure(Configuration configuration, LwM2mConfig config) {
        configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, config.maxPayload());
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, config.maxRegistrations() + 1_000);
        configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, THREADS);
        configuration.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
        configuration.set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED);
        configuration.set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER_BYTES);
        configuration.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER_BYTES);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, config.maxRegistrations() + 1_000);
        configuration.set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, 10, TimeUnit.MINUTES);
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CONNECTION_ID_BYTES);
        configuration.set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NEEDED);
    }

    LeshanServer server() {
        return server;
    }

    boolean isStarted() {
        return endpoints.getEndpoints().stream()
                .anyMatch(each ->
                        ((CaliforniumServerEndpoint) each).getCoapEndpoint().isStarted());
    }

    /** Puts another resource where Leshan takes Sends. */
    <T extends Resource> T replaceSend(Function<IdentityHandlerProvider, T> send) {
        IdentityHandlerProvider identities = new IdentityHandlerProvider();
        for (LwM2mServerEndpoint each : endpoints.getEndpoints()) {
            identities.addIdentityHandler(
                    ((CaliforniumServerEndpoint) each).getCoapEndpoint(),
                    each.getProtocol().equals(Protocol.COAPS)
                            ? new DefaultCoapsIdentityHandler()
                            : new DefaultCoapIdentityHandler());
        }
        CoapServer coap = endpoints.getCoapServer();
        T replacement = send.apply(identities);
        Resource before = coap.getRoot().getChild(replacement.getName());
        if (before == null) {
            throw new IllegalStateException("Leshan takes Sends elsewhere than at /" + replacement.getName());
        }
        coap.getRoot().delete(before);
        coap.add(replacement);
        return replacement;
    }

    /** Lets all requests of devices go through this first. */
    <T extends MessageDeliverer> T guard(Function<MessageDeliverer, T> door) {
        CoapServer coap = endpoints.getCoapServer();
        T first = door.apply(coap.getMessageDeliverer());
        coap.setMessageDeliverer(first);
        return first;
    }

    /** Californium ends its threads before its ports unless the ports are closed already, and logs what they then refuse. */
    void close() {
        server.stop();
        server.destroy();
    }

    /** Is told of each notification, whether or not Leshan can read it. */
    void onNotification(BiConsumer<Request, Response> listener) {
        for (LwM2mServerEndpoint each : endpoints.getEndpoints()) {
            ((CaliforniumServerEndpoint) each).getCoapEndpoint().addNotificationListener(listener);
        }
    }

    int port(Protocol protocol) {
        LwM2mServerEndpoint endpoint = server.getEndpoint(protocol);
        return endpoint == null ? LwM2mConfig.OFF : endpoint.getURI().getPort();
    }
}
