package city.canopy.gateway.mqtt;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.ForeignTopics;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MQTT 3.1.1 and 5 for firmware in the ward's own network: the topics and rights of the service's door. A message is
 * acknowledged when the store has it on disk; when the store is full the connection is ended and nothing acknowledged.
 *
 * <p>One event loop carries all of it; the public methods may be called from any thread.
 */
public final class LocalMqttDoor {
    private static final Logger log = LoggerFactory.getLogger(LocalMqttDoor.class);
    private static final int CLIENT_ID_LENGTH = 128;

    private final LocalMqttConfig config;
    private final Inlet inlet;
    private final LocalLogin login;
    private final MeterRegistry meters;
    private final Vertx vertx;
    private final Context loop;
    private final List<MqttServer> servers = new ArrayList<>();
    private final Map<DeviceId, LocalClient> clients = new HashMap<>();
    private volatile int connected;
    private Consumer<DeviceId> listening = device -> {};
    private final ForeignTopics foreign;
    private BiConsumer<DeviceId, String> replied = (device, command) -> {};

    /** Where the door listens; -1 where it does not. */
    public record Ports(int mqtt, int tls) {}

    public LocalMqttDoor(
            Vertx vertx, LocalMqttConfig config, Directory directory, Inlet inlet, MeterRegistry meters, Clock clock) {
        this.foreign = new ForeignTopics(clock);
        this.vertx = vertx;
        this.config = config;
        this.inlet = inlet;
        this.login = new LocalLogin(directory);
        this.meters = meters;
        this.loop = ((VertxInternal) vertx).createEventLoopContext();
        Gauge.builder("canopy.gateway.mqtt.connections", this, door -> door.connected)
                .description("devices that are connected to the local MQTT door")
                .register(meters);
        directory.listen(changed -> loop.runOnContext(go -> dropUnknown()));
    }

    /** Is told, on the event loop, of each device that begins to take commands; before {@link #start}. */
    public void whenListening(Consumer<DeviceId> listener) {
        listening = listener;
    }

    /** Is told, on the event loop, of each reply that was kept: of which device, to which command; before {@link #start}. */
    public void whenReplied(BiConsumer<DeviceId, String> listener) {
        replied = listener;
    }

    /** Opens the door; fails when a port is taken or a certificate cannot be read. */
    public Future<Ports> start() {
        Promise<Ports> started = Promise.promise();
        // On the loop, so that all connections live on it.
        loop.runOnContext(go -> {
            Future<Integer> plain = config.port() < 0 ? off() : listen(options(), config.port());
            Future<Integer> tls = config.tlsPort() < 0 ? off() : listen(encrypted(), config.tlsPort());
            Future.join(plain, tls)
                    .map(both -> new Ports(plain.result(), tls.result()))
                    .onComplete(started);
        });
        return started.future();
    }

    private static Future<Integer> off() {
        return Future.succeededFuture(-1);
    }

    private MqttServerOptions options() {
        MqttServerOptions options = new MqttServerOptions()
                .setHost(config.host())
                .setMaxMessageSize(config.messageBytes())
                .setMaxClientIdLength(CLIENT_ID_LENGTH)
                .setAutoClientId(true);
        options.setTcpNoDelay(true).setTcpKeepAlive(true);
        return options;
    }

    private MqttServerOptions encrypted() {
        MqttServerOptions options = options();
        // Any certificate may come: a device's is known by its fingerprint, not by who signed it.
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(config.tlsCert().toString())
                        .setKeyPath(config.tlsKey().toString()))
                .setTrustOptions(TrustOptions.wrap(new AnyCertificate()))
                .setClientAuth(ClientAuth.REQUEST);
        return options;
    }

    private Future<Integer> listen(MqttServerOptions options, int port) {
        MqttServer server = MqttServer.create(vertx, options.setPort(port));
        servers.add(server);
        return server.endpointHandler(this::connected)
                .exceptionHandler(failure -> refused("connect"))
                .listen()
                .map(MqttServer::actualPort);
    }

    private void connected(MqttEndpoint endpoint) {
        String user = endpoint.auth() == null ? null : endpoint.auth().getUsername();
        String password = endpoint.auth() == null ? null : endpoint.auth().getPassword();
        Optional<EdgeDevice> device = login.find(user, password, certificate(endpoint));
        boolean mqtt5 = endpoint.protocolVersion() == 5;
        if (device.isEmpty()) {
            refused("login");
            endpoint.reject(
                    mqtt5
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                            : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        if (clients.size() >= config.connections()
                && !clients.containsKey(device.get().id())) {
            refused("connections");
            endpoint.reject(
                    mqtt5
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5
                            : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
            return;
        }
        LocalClient before = clients.get(device.get().id());
        if (before != null) {
            before.end(MqttDisconnectReasonCode.SESSION_TAKEN_OVER);
        }
        LocalClient client = new LocalClient(this, endpoint, device.get().id());
        client.listen();
        clients.put(client.device(), client);
        connected = clients.size();
        endpoint.accept(false, mqtt5 ? announced() : MqttProperties.NO_PROPERTIES);
    }

    private MqttProperties announced() {
        MqttProperties properties = new MqttProperties();
        properties.add(new IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, config.inFlight()));
        properties.add(new IntegerProperty(MqttProperties.MAXIMUM_QOS, 1));
        properties.add(new IntegerProperty(MqttProperties.MAXIMUM_PACKET_SIZE, config.messageBytes()));
        return properties;
    }

    private static X509Certificate certificate(MqttEndpoint endpoint) {
        if (!endpoint.isSsl()) {
            return null;
        }
        try {
            return endpoint.sslSession().getPeerCertificates()[0] instanceof X509Certificate first ? first : null;
        } catch (SSLPeerUnverifiedException e) {
            // It showed none: then its user name counts.
            return null;
        }
    }

    private void dropUnknown() {
        for (LocalClient client : List.copyOf(clients.values())) {
            if (!login.isKnown(client.device())) {
                client.end(MqttDisconnectReasonCode.NOT_AUTHORIZED);
            }
        }
    }

    /**
     * Keeps a message; the answer comes on the event loop.
     *
     * @param refused whether a message of this connection was refused, after which none is kept that it has sent already:
     *     it comes again with all of them, in their order. Set before anything else is written
     */
    void keep(Message message, AtomicBoolean refused, Consumer<Throwable> done) {
        inlet.append(message, refused::get).whenComplete((number, failure) -> {
            if (failure != null) {
                refused.set(true);
            }
            loop.runOnContext(go -> {
                // First what is true from now on, whether or not the device is still there to hear it.
                if (failure == null) {
                    listenFor(message);
                }
                done.accept(failure);
            });
        });
    }

    private void listenFor(Message message) {
        Topics.Parsed topic = Topics.parse(message.topic());
        if (topic instanceof Topics.CommandReply reply) {
            replied.accept(reply.device(), reply.command());
        } else if (topic instanceof Topics.MyRpcResponse response) {
            replied.accept(message.device(), response.request());
        }
    }

    void left(LocalClient client) {
        clients.remove(client.device(), client);
        connected = clients.size();
    }

    void listens(LocalClient client) {
        if (client.takesCommands()) {
            listening.accept(client.device());
        }
    }

    /**
     * Sends a command to its device, if that is connected and takes commands.
     *
     * @param done hears, on the event loop, whether it is
     */
    public void send(Command command, Consumer<Boolean> done) {
        loop.runOnContext(go -> {
            LocalClient client = clients.get(command.device());
            boolean takes = client != null && client.takesCommands();
            if (takes) {
                client.send(command);
            }
            done.accept(takes);
        });
    }

    void refused(String cause) {
        meters.counter("canopy.gateway.mqtt.refused", "cause", cause).increment();
    }

    /** A device speaks where it may not. */
    void refusedTopic(LocalClient client, String name, String topic) {
        refused("topic");
        foreign.refused("device:" + client.device(), name, topic).ifPresent(log::warn);
    }

    LocalMqttConfig config() {
        return config;
    }

    /** Devices that are connected now. */
    public int connections() {
        return connected;
    }

    /** Closes the door and all connections; wills are not published, the devices have not gone. */
    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        loop.runOnContext(go -> {
            List.copyOf(clients.values()).forEach(client -> client.end(MqttDisconnectReasonCode.SERVER_SHUTTING_DOWN));
            Future.join(servers.stream().map(MqttServer::close).toList())
                    .<Void>mapEmpty()
                    .onFailure(failure -> log.warn("the MQTT door did not close well: {}", failure.getMessage()))
                    .onComplete(stopped);
        });
        return stopped.future();
    }
}
