package city.canopy.gateway.store;

import city.canopy.gateway.store.SegmentLog.Tail;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Reads a {@link SegmentLog} in the order of its numbers, up to what is safe on disk, and further when more is. One thread. */
public final class LogReader implements Closeable {
    private final SegmentLog log;
    private Tail segment;
    private SegmentReader reader;
    private long above;
    private long damaged;

    LogReader(SegmentLog log, long from) {
        this.log = log;
        this.above = from - 1;
    }

    /** A record. */
    public record Entry(long number, byte[] body) {}

    /**
     * The next record, or null when there is none now.
     *
     * @throws StoreException when the disk fails
     */
    public Entry next() {
        try {
            while (true) {
                if (reader == null && !openNext()) {
                    return null;
                }
                // The end is read first: what lies before it is complete.
                long end = segment.end;
                SegmentReader.Found found = reader.next(end, segment.first - 1);
                if (found == null) {
                    Tail following = log.segmentOf(Math.max(segment.last, above) + 1);
                    if (following == null || following.first == segment.first) {
                        return null;
                    }
                    if (segment.end == end) {
                        // What is missing at this file's end has rotted.
                        above = Math.max(above, following.first - 1);
                        close();
                    }
                } else if (found.number() > above) {
                    above = found.number();
                    return new Entry(found.number(), found.body());
                }
            }
        } catch (IOException e) {
            throw new StoreException("the log cannot be read: " + e.getMessage(), e);
        }
    }

    /** How many bytes that were read were damaged: records that have rotted and are lost. */
    public long damagedBytes() {
        return damaged + (reader == null ? 0 : reader.damagedBytes());
    }

    private boolean openNext() throws IOException {
        segment = log.segmentOf(above + 1);
        if (segment == null) {
            return false;
        }
        try {
            reader = new SegmentReader(log.file(segment));
            return true;
        } catch (NoSuchFileException e) {
            // It was dropped since: whoever drops does not miss it.
            Tail later = log.segmentOf(segment.last + 1);
            if (later == null || later.first == segment.first) {
                throw e;
            }
            above = later.first - 1;
            return openNext();
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            damaged += reader.damagedBytes();
            reader.close();
            reader = null;
        }
    }
}
