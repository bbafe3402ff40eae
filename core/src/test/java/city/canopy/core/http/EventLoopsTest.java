package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.access.Directory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with one open operation that tells on which thread it is answered; nobody is logged in, nothing is written. */
class EventLoopsTest {
    private static final int BOUND = 8;

    private final Vertx vertx = Vertx.vertx();
    private final Blocking blocking = new Blocking(vertx, "test", 1, 1);
    private final List<Socket> sockets = new ArrayList<>();
    private ApiServer server;

    @BeforeEach
    void start() {
        Routes routes = api -> api.get("/thread")
                .named("tellThread", "The thread that answers")
                .open()
                .async(call -> Future.succeededFuture(
                        Answer.text(200, "text/plain", Thread.currentThread().getName())));
        server = new ApiServer(
                vertx,
                new HttpConfig("127.0.0.1", 0, null, null, List.of(), BOUND),
                new Guard(new Directory(null, null, null)),
                blocking,
                null,
                List.of(routes));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        blocking.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The last line of the answer, or null when the connection was closed instead. */
    private String ask(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write("GET /thread HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        int length = 0;
        for (String line = in.readLine(); line == null || !line.isEmpty(); line = in.readLine()) {
            if (line == null) {
                return null;
            }
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        char[] body = new char[length];
        assertThat(in.read(body)).isEqualTo(length);
        return new String(body);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        sockets.add(socket);
        return socket;
    }

    @Test
    void connectionsAreSpreadOverAsManyLoopsAsProcessorsAndStayThere() throws IOException {
        int loops = Math.min(BOUND, Runtime.getRuntime().availableProcessors());
        Set<String> threads = new HashSet<>();
        for (int i = 0; i < loops; i++) {
            Socket socket = connect();
            String thread = ask(socket);
            assertThat(thread).startsWith("vert.x-eventloop-thread-").isEqualTo(ask(socket));
            threads.add(thread);
        }
        assertThat(threads).hasSize(loops);
    }

    @Test
    void theBoundOnConnectionsIsOneForAllLoops() throws IOException {
        for (int i = 0; i < BOUND; i++) {
            assertThat(ask(connect())).isNotNull();
        }
        Socket oneMore = connect();
        assertThatThrownBy(() -> {
                    if (ask(oneMore) == null) {
                        throw new IOException("closed");
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(ask(sockets.get(0))).isNotNull();
    }

    @Test
    void nobodyListensAfterItIsClosed() throws IOException {
        assertThat(ask(connect())).isNotNull();
        int port = server.port();
        server.close();
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
    }
}
