package city.canopy.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbered records on disk, in files of a bounded size, the whole of bounded size. An append is complete when it is forced
 * to disk; what waits meanwhile is forced together, so that many senders share one write. Survives a power cut: what was
 * complete is there, a torn last record is cut off. A record that rots is stepped over and missing, and nothing else is.
 *
 * <p>Any thread; {@link #append} never blocks. The writing is done by one thread of its own.
 */
public final class SegmentLog implements AutoCloseable {
    /** The longest body of a record in bytes. */
    public static final int MAX_BODY = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(SegmentLog.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path dir;
    private final Limits limits;
    private final long id;
    private final NavigableMap<Long, Tail> segments = new ConcurrentSkipListMap<>();
    /** Bytes on disk and on their way there. */
    private final AtomicLong bytes = new AtomicLong();

    /** Up to this number nothing is needed any more. */
    private final AtomicLong needless = new AtomicLong();

    private final LogWriter writer;
    private final Recovered recovered;

    /**
     * The log's bounds.
     *
     * @param segmentBytes when a file is as long as this a new one is begun
     * @param mostBytes the most bytes of all files together; beyond it appends fail with {@link StoreFullException}
     */
    public record Limits(long segmentBytes, long mostBytes) {
        public Limits {
            if (segmentBytes < 64 * 1024 || mostBytes < 2 * segmentBytes) {
                throw new IllegalArgumentException("a segment has 64 KiB at least, and the log room for two of them");
            }
        }
    }

    /**
     * What was found when the log was opened.
     *
     * @param tornBytes how many bytes at the end of the last file were cut off; none of them was acknowledged
     */
    public record Recovered(long tornBytes) {}

    /** One file: how far it may be read. Written by the writer, read by all. */
    static final class Tail {
        final long first;
        volatile long end;
        volatile long last;

        Tail(long first, long end, long last) {
            this.first = first;
            this.end = end;
            this.last = last;
        }
    }

    private SegmentLog(Path dir, Limits limits, String name) throws IOException {
        this.dir = dir;
        this.limits = limits;
        Files.createDirectories(dir);
        List<Path> files = files();
        this.id = id(files);
        this.recovered = recover(files);
        Map.Entry<Long, Tail> last = segments.lastEntry();
        this.writer = new LogWriter(this, last == null ? null : last.getValue(), name);
    }

    /**
     * Opens the log of a folder, or begins one.
     *
     * @param name of the writing thread
     * @throws StoreException when the folder cannot be read or written, or holds what is none of this log
     */
    public static SegmentLog open(Path dir, Limits limits, String name) {
        try {
            SegmentLog opened = new SegmentLog(dir, limits, name);
            opened.writer.start();
            return opened;
        } catch (IOException e) {
            throw new StoreException("the log in " + dir + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Out of the first file whose header can be read; a log without any begins anew. */
    private static long id(List<Path> files) throws IOException {
        for (Path file : files) {
            OptionalLong named = Segment.id(file);
            if (named.isPresent()) {
                return named.getAsLong();
            }
        }
        return RANDOM.nextLong();
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(dir)) {
            all.filter(file -> Segment.first(file) >= 0).sorted().forEach(files::add);
        }
        // A file whose header was not complete when the power went holds nothing that was acknowledged.
        if (!files.isEmpty() && Files.size(files.get(files.size() - 1)) < Segment.HEADER_BYTES) {
            Files.delete(files.remove(files.size() - 1));
        }
        return files;
    }

    /** Only the last file can be torn, and only it is read now; what has rotted in the others is found by who reads them. */
    private Recovered recover(List<Path> files) throws IOException {
        long torn = 0;
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            OptionalLong named = Segment.id(file);
            if (named.isPresent() && named.getAsLong() != id) {
                throw new IOException(file + " belongs to another log; move it away");
            }
            long first = Segment.first(file);
            boolean last = i == files.size() - 1;
            Tail tail = last
                    ? recoverLast(file, first)
                    : new Tail(first, Files.size(file), Segment.first(files.get(i + 1)) - 1);
            if (last) {
                torn = Files.size(file) - tail.end;
                cut(file, tail.end);
            }
            segments.put(first, tail);
            bytes.addAndGet(tail.end);
        }
        if (torn > 0) {
            log.warn(
                    "{}: {} bytes at the end were torn off when the power went; they had not been acknowledged",
                    dir,
                    torn);
        }
        return new Recovered(torn);
    }

    private static Tail recoverLast(Path file, long first) throws IOException {
        long size = Files.size(file);
        Tail tail = new Tail(first, size, first - 1);
        try (SegmentReader reader = new SegmentReader(file)) {
            for (SegmentReader.Found found = reader.next(size, tail.last);
                    found != null;
                    found = reader.next(size, tail.last)) {
                tail.last = found.number();
            }
            tail.end = reader.goodEnd();
        }
        return tail;
    }

    private static void cut(Path file, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
        }
    }

    /** A random name for this log, 16 hexadecimal digits; another one when it begins anew. */
    public String id() {
        return String.format("%016x", id);
    }

    public Recovered recovered() {
        return recovered;
    }

    /**
     * Appends a record; see {@link Inlet#append} for how it may fail.
     *
     * @param body at most {@link #MAX_BODY} bytes; not to be written to afterwards
     * @return its number, once it is safe
     */
    public CompletableFuture<Long> append(byte[] body) {
        return append(body, () -> false);
    }

    /** The same for a record that is refused when {@code unwanted} says so just before it would be written. */
    CompletableFuture<Long> append(byte[] body, BooleanSupplier unwanted) {
        if (body.length > MAX_BODY) {
            return CompletableFuture.failedFuture(
                    new StoreException("a record has at most " + MAX_BODY + " bytes, not " + body.length));
        }
        long size = Segment.RECORD_BYTES + body.length;
        if (bytes.addAndGet(size) > limits.mostBytes()) {
            bytes.addAndGet(-size);
            return CompletableFuture.failedFuture(
                    new StoreFullException("the log holds its " + limits.mostBytes() + " bytes already"));
        }
        return writer.append(body, unwanted);
    }

    /** The bytes of a record that was not written after all. */
    void notWritten(byte[] body) {
        bytes.addAndGet(-Segment.RECORD_BYTES - body.length);
    }

    /** The channel of a new file, which begins with this number. */
    FileChannel begin(Tail tail) throws IOException {
        Path file = Segment.file(dir, tail.first);
        FileChannel channel = Segment.create(file, id, tail.first);
        try {
            channel.force(true);
            forceDirectory();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        segments.put(tail.first, tail);
        bytes.addAndGet(Segment.HEADER_BYTES);
        return channel;
    }

    /** Whether there are records in this file, and none that is needed any more. */
    boolean isNeedless(Tail tail) {
        return tail.last >= tail.first && tail.last <= needless.get();
    }

    /**
     * Gives the file that is written to, of which nothing is needed any more, to the records from {@code next} on: so there
     * is room on a full disk, where no new file could be made. To be followed by {@link #empty}.
     */
    Tail rename(Tail tail, long next) throws IOException {
        Tail fresh = new Tail(next, Segment.HEADER_BYTES, next - 1);
        Files.move(file(tail), file(fresh), StandardCopyOption.ATOMIC_MOVE);
        segments.put(next, fresh);
        segments.remove(tail.first, tail);
        bytes.addAndGet(Segment.HEADER_BYTES - tail.end);
        return fresh;
    }

    /** Cuts a renamed file. Its name is safe first: its old records are none of it by their numbers, cut off or not. */
    void empty(Tail tail) throws IOException {
        forceDirectory();
        cut(file(tail), Segment.HEADER_BYTES);
    }

    FileChannel reopen(Tail tail) throws IOException {
        FileChannel channel = FileChannel.open(Segment.file(dir, tail.first), StandardOpenOption.WRITE);
        channel.position(tail.end);
        return channel;
    }

    private void forceDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(dir, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    long segmentBytes() {
        return limits.segmentBytes();
    }

    /** The number that the next record will get. */
    public long next() {
        return writer.next();
    }

    /** Bytes on disk and on their way there. */
    public long bytes() {
        return bytes.get();
    }

    public Limits limits() {
        return limits;
    }

    /** The number of the first record that may be there. */
    public long first() {
        Map.Entry<Long, Tail> first = segments.firstEntry();
        return first == null ? next() : first.getKey();
    }

    /** The first numbers of the files that are not written to any more, in order. */
    List<Long> closedSegments() {
        List<Long> all = new ArrayList<>(segments.keySet());
        return all.isEmpty() ? all : all.subList(0, all.size() - 1);
    }

    /** Reads from a number on; see {@link LogReader}. */
    public LogReader reader(long from) {
        return new LogReader(this, from);
    }

    /** The file that may hold this number, else the first one behind it; null when there is none. */
    Tail segmentOf(long number) {
        Map.Entry<Long, Tail> entry = segments.floorEntry(number);
        if (entry == null || entry.getValue().last < number && segments.higherEntry(entry.getKey()) != null) {
            entry = segments.higherEntry(number);
        }
        return entry == null ? null : entry.getValue();
    }

    Path file(Tail tail) {
        return Segment.file(dir, tail.first);
    }

    /**
     * Deletes the files of which every record has this number or a lower one. The file that is written to stays until the
     * disk is full.
     *
     * @throws StoreException when a file cannot be deleted
     */
    public void dropThrough(long number) {
        needless.accumulateAndGet(number, Math::max);
        for (Tail tail : segments.values()) {
            if (tail.last > number || segments.higherEntry(tail.first) == null) {
                return;
            }
            try {
                Files.deleteIfExists(file(tail));
            } catch (IOException e) {
                throw new StoreException("the file " + file(tail) + " cannot be deleted: " + e.getMessage(), e);
            }
            if (segments.remove(tail.first, tail)) {
                bytes.addAndGet(-tail.end);
            }
        }
    }

    /**
     * Writes a closed file anew with some of its records only.
     *
     * @param first the file's first number
     * @return how many records were left out; 0 as well for the file that is written to
     */
    long rewrite(long first, Predicate<byte[]> keep) throws IOException {
        Tail tail = segments.get(first);
        if (tail == null || segments.higherEntry(first) == null) {
            return 0;
        }
        Path draft = dir.resolve("rewrite.tmp");
        long left = 0;
        Tail fresh = new Tail(first, Segment.HEADER_BYTES, first - 1);
        try (SegmentReader reader = new SegmentReader(file(tail));
                FileChannel out = Segment.create(draft, id, first)) {
            CRC32C crc = new CRC32C();
            for (SegmentReader.Found found = reader.next(tail.end, first - 1);
                    found != null;
                    found = reader.next(tail.end, found.number())) {
                if (!keep.test(found.body())) {
                    left++;
                    continue;
                }
                ByteBuffer record = ByteBuffer.allocate(Segment.RECORD_BYTES + found.body().length);
                Segment.put(record, found.number(), found.body(), crc);
                Segment.write(out, record.flip());
                fresh.end += record.capacity();
                fresh.last = found.number();
            }
            out.force(true);
        }
        fresh.last = Math.max(fresh.last, tail.last);
        Files.move(draft, file(tail), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
        segments.put(first, fresh);
        bytes.addAndGet(fresh.end - tail.end);
        return left;
    }

    /** Waits until what was appended is on disk, and closes. Appends fail from now on. */
    @Override
    public void close() {
        writer.close();
    }
}
