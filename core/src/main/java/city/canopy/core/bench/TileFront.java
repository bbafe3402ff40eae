package city.canopy.core.bench;

import city.canopy.geo.tile.TileAddress;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The same small HTTP door for every maker of tiles: {@code /ZOOM/ROW/COLUMN}, nothing kept, nothing packed. */
final class TileFront implements AutoCloseable {
    private final WorkerExecutor workers;
    private final HttpServer server;
    private final Function<TileAddress, byte[]> maker;
    private final boolean waits;

    /** @param waits whether the maker waits for something, such as a database: it is then asked on a thread of its own */
    TileFront(Vertx vertx, int threads, boolean waits, Function<TileAddress, byte[]> maker)
            throws InterruptedException {
        this.maker = maker;
        this.waits = waits;
        this.workers = vertx.createSharedWorkerExecutor("bench-tiles-" + System.nanoTime(), threads);
        try {
            this.server = vertx.createHttpServer()
                    .requestHandler(this::answer)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "no port can be opened: " + e.getCause().getMessage(), e);
        }
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        String[] parts = request.path().substring(1).split("/");
        TileAddress tile =
                new TileAddress(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        if (!waits) {
            request.response().end(Buffer.buffer(maker.apply(tile)));
            return;
        }
        workers.executeBlocking(() -> maker.apply(tile), false)
                .onSuccess(bytes -> request.response().end(Buffer.buffer(bytes)))
                .onFailure(e -> request.response().setStatusCode(500).end(String.valueOf(e.getMessage())));
    }

    @Override
    public void close() {
        server.close();
        workers.close();
    }
}
