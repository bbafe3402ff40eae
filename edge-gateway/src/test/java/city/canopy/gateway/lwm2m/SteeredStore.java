package city.canopy.gateway.lwm2m;

import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.StateStore;
import city.canopy.gateway.store.StoreFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A store whose time and failures a test steers: it can hold what it is given, and be full. */
final class SteeredStore implements Inlet, StateStore {
    private final Map<String, Map<String, byte[]>> spaces = new ConcurrentHashMap<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final List<CompletableFuture<Long>> held = new ArrayList<>();
    private volatile boolean holding;
    private volatile boolean full;

    /** What a gateway finds on the disk that was killed now. */
    SteeredStore copy() {
        SteeredStore copy = new SteeredStore();
        spaces.forEach((space, values) -> copy.spaces.put(space, new ConcurrentHashMap<>(values)));
        return copy;
    }

    /** From now on nothing is done. */
    void hold() {
        holding = true;
    }

    void full(boolean isFull) {
        full = isFull;
    }

    /** Does what was held. */
    void release() {
        holding = false;
        synchronized (held) {
            held.forEach(each -> each.complete(1L));
            held.clear();
        }
    }

    @Override
    public CompletableFuture<Long> append(Message message) {
        if (full) {
            return CompletableFuture.failedFuture(new StoreFullException("no room"));
        }
        messages.add(message);
        if (!holding) {
            return CompletableFuture.completedFuture(1L);
        }
        CompletableFuture<Long> future = new CompletableFuture<>();
        synchronized (held) {
            held.add(future);
        }
        return future;
    }

    /** The next message; fails when none comes. */
    Message next() throws InterruptedException {
        Message message = messages.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message has come");
        }
        return message;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    @Override
    public CompletableFuture<Void> put(String space, String name, byte[] value) {
        spaces.computeIfAbsent(space, each -> new ConcurrentHashMap<>()).put(name, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> remove(String space, String name) {
        spaces.getOrDefault(space, new ConcurrentHashMap<>()).remove(name);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<byte[]> find(String space, String name) {
        return Optional.ofNullable(spaces.getOrDefault(space, Map.of()).get(name));
    }

    @Override
    public Map<String, byte[]> list(String space) {
        return Map.copyOf(spaces.getOrDefault(space, Map.of()));
    }
}
