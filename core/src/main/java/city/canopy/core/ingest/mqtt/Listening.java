package city.canopy.core.ingest.mqtt;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The door's listening sockets: plain, TLS and WebSocket. Event loop only. */
final class Listening {
    private static final int BACKLOG = 4096;
    /** More than the fixed header of a packet and the fields of a WebSocket frame. */
    private static final int FRAME_SLACK = 64;
    /** The gate ends late connections; the server's own watch stands behind it. */
    private static final int SLACK_SECONDS = 5;

    private final Vertx vertx;
    private final MqttConfig config;
    private final List<MqttServer> servers = new ArrayList<>();

    /** @param vertx shows each socket to the door, see {@link Interception} */
    Listening(Vertx vertx, MqttConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Opens what the configuration asks for; when one cannot be opened, none is. */
    Future<MqttDoor.Ports> open(Handler<MqttEndpoint> connected) {
        boolean tls = config.tls().isSet();
        Future<Integer> plain = listen(config.port(), options(), connected);
        Future<Integer> encrypted =
                tls ? listen(config.tls().port(), encrypt(options()), connected) : Future.succeededFuture(-1);
        MqttServerOptions webSocket = options().setUseWebSocket(true);
        webSocket.setWebSocketMaxFrameSize(config.limits().messageBytes() + FRAME_SLACK);
        Future<Integer> overHttp = listen(config.wsPort(), tls ? encrypt(webSocket) : webSocket, connected);
        return Future.join(plain, encrypted, overHttp)
                .map(all -> new MqttDoor.Ports(plain.result(), encrypted.result(), overHttp.result()))
                .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<Integer> listen(int port, MqttServerOptions options, Handler<MqttEndpoint> connected) {
        if (port < 0) {
            return Future.succeededFuture(-1);
        }
        MqttServer server = MqttServer.create(vertx, options.setPort(port));
        servers.add(server);
        // What goes wrong before a client is known is answered and counted by the gate.
        return server.endpointHandler(connected)
                .exceptionHandler(failure -> {})
                .listen()
                .map(MqttServer::actualPort);
    }

    private MqttServerOptions options() {
        MqttServerOptions options = new MqttServerOptions()
                .setHost(config.host())
                .setMaxMessageSize(config.limits().messageBytes())
                .setMaxClientIdLength(config.limits().clientIdLength())
                .setAutoClientId(false)
                .setTimeoutOnConnect((int) config.connections().connectTimeout().toSeconds() + SLACK_SECONDS);
        options.setAcceptBacklog(BACKLOG).setTcpKeepAlive(true).setTcpNoDelay(true);
        return options;
    }

    private MqttServerOptions encrypt(MqttServerOptions options) {
        MqttConfig.MqttTls tls = config.tls();
        options.setSsl(true)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(config.connections().connectTimeout().toMillis())
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(tls.cert().toString())
                        .setKeyPath(tls.key().toString()));
        if (tls.clientCa() != null) {
            options.setTrustOptions(
                            new PemTrustOptions().addCertPath(tls.clientCa().toString()))
                    .setClientAuth(ClientAuth.REQUEST);
        }
        return options;
    }

    /** Closes the listening sockets and what is left of their connections. */
    Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        for (MqttServer server : servers) {
            closing.add(server.close());
        }
        servers.clear();
        return Future.join(closing).mapEmpty();
    }
}
