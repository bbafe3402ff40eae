package city.canopy.core.bench;

import city.canopy.core.access.Principal;
import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.Intake;
import city.canopy.core.ingest.mqtt.MqttConfig;
import city.canopy.core.ingest.mqtt.MqttDoor;
import city.canopy.core.ingest.mqtt.RetainedState;
import city.canopy.devices.model.DeviceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The MQTT door with nothing behind it: messages are acknowledged in batches and thrown away. The raw limit. */
final class ThrowAwayDoor implements AutoCloseable {
    private static final int BATCH = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<Inbound> queue = new LinkedBlockingQueue<>();
    private final MqttDoor door;
    private final Thread thread = new Thread(this::acknowledge, "throw-away");
    private int port;

    private ThrowAwayDoor() {
        Intake intake = new Intake() {
            @Override
            public boolean offer(Inbound message) {
                return queue.add(message);
            }

            @Override
            public void whenRoom(Runnable retry) {
                retry.run();
            }
        };
        door = new MqttDoor(
                vertx,
                MqttConfig.onFreePort(),
                new MqttDoor.Neighbours(
                        (user, password, certificate, address) -> CompletableFuture.completedFuture(
                                Optional.of(new Principal.OfDevice(new DeviceId(user)))),
                        (device, gateway) -> false,
                        RetainedState.none(),
                        intake),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    static ThrowAwayDoor start() throws Exception {
        ThrowAwayDoor door = new ThrowAwayDoor();
        door.port = door.door
                .start()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .mqtt();
        door.thread.setDaemon(true);
        door.thread.start();
        return door;
    }

    int port() {
        return port;
    }

    private void acknowledge() {
        List<Inbound> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                door.committed(List.copyOf(batch));
                batch.clear();
            }
        } catch (InterruptedException e) {
            // Closed: there is nobody left to acknowledge to.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        door.stop(Duration.ofSeconds(2))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        thread.interrupt();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
