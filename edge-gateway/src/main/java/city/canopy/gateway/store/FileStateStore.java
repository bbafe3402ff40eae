package city.canopy.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The state store on a {@link SegmentLog}: each change is a record, the values are read into memory at the start, and when
 * the log holds much more than the values they are written anew and the rest is dropped.
 */
public final class FileStateStore implements StateStore, AutoCloseable {
    private static final SegmentLog.Limits LIMITS = new SegmentLog.Limits(8L << 20, 1L << 30);
    /** The log is written anew when it has more than this many bytes, and this many times those of the values. */
    private static final long COMPACT_ABOVE = 16L << 20;

    private static final int COMPACT_FACTOR = 4;
    private static final byte PUT = 1;
    private static final byte REMOVE = 2;
    private static final int OVERHEAD = 64;

    private final SegmentLog log;
    private final Map<String, Map<String, byte[]>> spaces = new HashMap<>();
    private long live;
    private boolean compacting;

    private FileStateStore(SegmentLog log) {
        this.log = log;
    }

    /** @throws StoreException when the folder cannot be read or written */
    public static FileStateStore open(Path dir) {
        FileStateStore store = new FileStateStore(SegmentLog.open(dir, LIMITS, "gateway-state"));
        try (LogReader reader = store.log.reader(1)) {
            for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                store.replay(entry.body());
            }
        } catch (IOException e) {
            store.close();
            throw new StoreException("the state in " + dir + " cannot be read: " + e.getMessage(), e);
        }
        return store;
    }

    private void replay(byte[] body) {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        byte operation = buffer.get();
        String space = text(buffer);
        String name = text(buffer);
        if (operation == PUT) {
            byte[] value = new byte[buffer.remaining()];
            buffer.get(value);
            set(space, name, value);
        } else {
            unset(space, name);
        }
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.getShort() & 0xFFFF];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] record(byte operation, String space, String name, byte[] value) {
        byte[] s = space.getBytes(StandardCharsets.UTF_8);
        byte[] n = name.getBytes(StandardCharsets.UTF_8);
        if (s.length + n.length > 2_000) {
            throw new IllegalArgumentException("a name in the state has at most 2000 bytes");
        }
        return ByteBuffer.allocate(5 + s.length + n.length + value.length)
                .put(operation)
                .putShort((short) s.length)
                .put(s)
                .putShort((short) n.length)
                .put(n)
                .put(value)
                .array();
    }

    private void set(String space, String name, byte[] value) {
        byte[] before = spaces.computeIfAbsent(space, fresh -> new HashMap<>()).put(name, value);
        live += before == null ? size(name, value) : value.length - before.length;
    }

    private boolean unset(String space, String name) {
        Map<String, byte[]> values = spaces.get(space);
        byte[] before = values == null ? null : values.remove(name);
        live -= before == null ? 0 : size(name, before);
        return before != null;
    }

    private static long size(String name, byte[] value) {
        return OVERHEAD + name.length() + value.length;
    }

    @Override
    public synchronized CompletableFuture<Void> put(String space, String name, byte[] value) {
        if (value.length > MAX_VALUE) {
            return CompletableFuture.failedFuture(
                    new StoreException("a value in the state has at most " + MAX_VALUE + " bytes"));
        }
        byte[] record = record(PUT, space, name, value);
        set(space, name, value);
        return append(record);
    }

    @Override
    public synchronized CompletableFuture<Void> remove(String space, String name) {
        return unset(space, name)
                ? append(record(REMOVE, space, name, new byte[0]))
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> append(byte[] record) {
        CompletableFuture<Void> done = log.append(record).thenApply(number -> null);
        if (!compacting && log.bytes() > COMPACT_ABOVE && log.bytes() > COMPACT_FACTOR * live) {
            compact();
        }
        return done;
    }

    /** Every value once more, in the same order with other changes as in memory; then what lies before is not needed. */
    private void compact() {
        compacting = true;
        CompletableFuture<Long> first = null;
        CompletableFuture<Long> last = null;
        for (Map.Entry<String, Map<String, byte[]>> space : spaces.entrySet()) {
            for (Map.Entry<String, byte[]> value : space.getValue().entrySet()) {
                last = log.append(record(PUT, space.getKey(), value.getKey(), value.getValue()));
                first = first == null ? last : first;
            }
        }
        if (last == null) {
            compacting = false;
            return;
        }
        first.thenCombine(last, (from, to) -> from).whenComplete((from, failure) -> {
            synchronized (this) {
                compacting = false;
                if (failure == null) {
                    log.dropThrough(from - 1);
                }
            }
        });
    }

    @Override
    public synchronized Optional<byte[]> find(String space, String name) {
        return Optional.ofNullable(spaces.getOrDefault(space, Map.of()).get(name));
    }

    @Override
    public synchronized Map<String, byte[]> list(String space) {
        return new HashMap<>(spaces.getOrDefault(space, Map.of()));
    }

    /** The bytes on disk. */
    public long bytes() {
        return log.bytes();
    }

    @Override
    public void close() {
        log.close();
    }
}
