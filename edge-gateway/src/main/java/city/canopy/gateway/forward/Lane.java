package city.canopy.gateway.forward;

import city.canopy.gateway.store.MessageStore;
import city.canopy.gateway.store.StoredMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of the store on its way to the service, in order: what is not confirmed from a first number on and before an
 * end. One thread.
 */
final class Lane implements AutoCloseable {
    private final MessageStore store;
    private final long end;
    private final int mostMessages;
    private final int mostBytes;
    private MessageStore.Reading reading;
    private StoredMessage ahead;
    /** All before this was taken. */
    private long position;

    /**
     * A batch: numbered without a gap.
     *
     * @param first the first number that it stands for; what does not exist before its messages is counted with it
     */
    record Batch(long first, long last, List<StoredMessage> messages) {}

    /** @param end the first number that is not its affair */
    Lane(MessageStore store, long first, long end, int mostMessages, int mostBytes) {
        this.store = store;
        this.end = end;
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
        this.position = first;
    }

    /** Whether all of it was taken. */
    boolean isDone() {
        return position >= end;
    }

    /** How many messages it could give now, at most. */
    long available() {
        return Math.max(0, Math.min(store.next(), end) - position);
    }

    /**
     * The next batch, or null when there is none now.
     *
     * @return a batch without messages where the numbers that are left do not exist: to be confirmed, not sent
     */
    Batch next() {
        long known = Math.min(store.next(), end);
        StoredMessage message = peek(known);
        if (message == null) {
            return skipped(known);
        }
        long first = position;
        List<StoredMessage> messages = new ArrayList<>();
        int bytes = 0;
        while (message != null && messages.size() < mostMessages && fits(bytes, message)) {
            long expected = messages.isEmpty() ? message.number() : position;
            if (message.number() != expected) {
                break;
            }
            messages.add(message);
            bytes += size(message);
            position = message.number() + 1;
            ahead = null;
            message = peek(known);
        }
        return new Batch(first, position - 1, messages);
    }

    private boolean fits(int bytes, StoredMessage message) {
        return bytes == 0 || bytes + size(message) <= mostBytes;
    }

    /** About what it takes as an envelope. */
    private static int size(StoredMessage message) {
        return message.message().payload().length * 4 / 3
                + message.message().topic().length()
                + 200;
    }

    /** The next message before {@code known} that is not confirmed. */
    private StoredMessage peek(long known) {
        while (position < known) {
            long unconfirmed = store.firstUnconfirmed(position);
            if (unconfirmed > position) {
                position = unconfirmed;
                ahead = null;
                closeReading();
                continue;
            }
            if (ahead == null) {
                if (reading == null) {
                    reading = store.reader(position);
                }
                ahead = reading.next();
            }
            if (ahead == null || ahead.number() >= known) {
                return null;
            }
            if (store.firstUnconfirmed(ahead.number()) == ahead.number()) {
                return ahead;
            }
            position = ahead.number();
        }
        return null;
    }

    /** What lies before {@code known} is on disk: where the reader finds nothing, nothing is there. */
    private Batch skipped(long known) {
        if (position >= known) {
            return null;
        }
        long first = position;
        position = known;
        return new Batch(first, known - 1, List.of());
    }

    private void closeReading() {
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }

    @Override
    public void close() {
        closeReading();
    }
}
