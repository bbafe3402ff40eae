package city.canopy.gateway.store;

import city.canopy.gateway.store.SegmentLog.Tail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes a {@link SegmentLog}: takes all that waits, writes it, forces it to disk once, and completes
 * the appends in order. After a failure the file is cut back to what was forced before, and the next group tries again.
 */
final class LogWriter {
    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
    private static final int BUFFER_BYTES = 4 * SegmentLog.MAX_BODY;

    private record Waiting(byte[] body, BooleanSupplier unwanted, CompletableFuture<Long> done) {}

    private final SegmentLog owner;
    private final Thread thread;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Object lock = new Object();
    private ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    // The writing thread's own from here on.
    private Tail tail;
    private FileChannel channel;
    /** Whether the disk was full when it was last written to. */
    private boolean full;
    /** Whether the file bears a new name and its old records still. */
    private boolean renamed;

    private volatile long next;

    LogWriter(SegmentLog owner, Tail tail, String name) {
        this.owner = owner;
        this.tail = tail;
        this.next = tail == null ? 1 : tail.last + 1;
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    long next() {
        return next;
    }

    CompletableFuture<Long> append(byte[] body, BooleanSupplier unwanted) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        synchronized (lock) {
            if (closed) {
                owner.notWritten(body);
                return CompletableFuture.failedFuture(new StoreException("the log is closed"));
            }
            waiting.add(new Waiting(body, unwanted, done));
            if (waiting.size() == 1) {
                lock.notify();
            }
        }
        return done;
    }

    void close() {
        synchronized (lock) {
            closed = true;
            lock.notify();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ArrayDeque<Waiting> taken = new ArrayDeque<>();
        while (true) {
            synchronized (lock) {
                while (waiting.isEmpty() && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        log.debug("the log's writer ends by close() alone");
                    }
                }
                if (waiting.isEmpty()) {
                    break;
                }
                ArrayDeque<Waiting> swap = waiting;
                waiting = taken;
                taken = swap;
            }
            while (!taken.isEmpty()) {
                writeGroup(taken);
            }
        }
        closeChannel();
    }

    /** As much as the buffer holds, forced together. */
    private void writeGroup(ArrayDeque<Waiting> taken) {
        List<Waiting> group = new ArrayList<>();
        long number = next;
        buffer.clear();
        while (!taken.isEmpty()
                && buffer.remaining() >= Segment.RECORD_BYTES + taken.peek().body().length) {
            Waiting one = taken.poll();
            if (one.unwanted().getAsBoolean()) {
                refuse(one, new StoreException("an earlier message of its sender was refused"));
                continue;
            }
            Segment.put(buffer, number++, one.body(), crc);
            group.add(one);
        }
        if (group.isEmpty()) {
            return;
        }
        buffer.flip();
        int size = buffer.remaining();
        try {
            ensureOpen();
            Segment.write(channel, buffer);
            channel.force(false);
        } catch (IOException e) {
            failed(group, e);
            return;
        }
        full = false;
        long first = next;
        tail.last = number - 1;
        tail.end += size;
        next = number;
        for (Waiting one : group) {
            one.done().complete(first++);
        }
        if (tail.end >= owner.segmentBytes()) {
            closeChannel();
        }
    }

    private void ensureOpen() throws IOException {
        if (channel != null) {
            return;
        }
        if (full && tail != null && owner.isNeedless(tail)) {
            tail = owner.rename(tail, next);
            renamed = true;
        }
        if (renamed) {
            owner.empty(tail);
            renamed = false;
        }
        if (tail == null || tail.end >= owner.segmentBytes()) {
            Tail fresh = new Tail(next, Segment.HEADER_BYTES, next - 1);
            channel = owner.begin(fresh);
            tail = fresh;
        } else {
            channel = owner.reopen(tail);
        }
    }

    private void failed(List<Waiting> group, IOException cause) {
        // What a failed force has written cannot be trusted: the file is opened anew at what was forced before it.
        if (channel != null) {
            try {
                channel.truncate(tail.end);
            } catch (IOException e) {
                log.warn("the log's file cannot be cut back, its end is written over: {}", e.getMessage());
            }
            closeChannel();
        }
        full = isFull(cause);
        StoreException failure = full
                ? new StoreFullException("the disk is full: " + cause.getMessage())
                : new StoreException("the disk refused: " + cause.getMessage(), cause);
        log.warn("{} records were not kept and their senders are told: {}", group.size(), cause.getMessage());
        for (Waiting one : group) {
            refuse(one, failure);
        }
    }

    private void refuse(Waiting one, StoreException why) {
        owner.notWritten(one.body());
        one.done().completeExceptionally(why);
    }

    private static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota") || message.contains("file too large");
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            log.debug("the log's file did not close well; all of it had been forced before", e);
        }
        channel = null;
    }
}
