package city.canopy.core.series;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Raw frames at rest: one packed block per batch. A frame's id is its block's id times {@value #MAX_FRAMES} plus its
 * ordinal, the index of its message in the batch. Belongs to one partition; not thread-safe, but {@link #find} is.
 */
final class PgFrames implements AutoCloseable {
    /** The most messages that a batch can have. */
    static final int MAX_FRAMES = 4_096;
    /** How many block ids are drawn from the sequence at once. */
    static final int IDS_AT_ONCE = 64;
    /** A block is closed when its raw payloads reach this; the next message begins another one. */
    private static final int BLOCK_BYTES = 4 << 20;

    private final FrameBlock block = new FrameBlock();
    private final long[] ids = new long[MAX_FRAMES];
    private long nextId;
    private long lastId = -1;

    /**
     * Gives every message of a batch its id, whether it will be kept or not. Drawn ids that a rollback leaves unused
     * stay unused.
     */
    void assign(Connection c, List<RawFrame> frames) throws SQLException {
        if (frames.size() > MAX_FRAMES) {
            throw new IllegalArgumentException("a batch has at most 4,096 messages, not " + frames.size());
        }
        long bytes = Long.MAX_VALUE / 2;
        long id = 0;
        for (int i = 0; i < frames.size(); i++) {
            int length = frames.get(i).payload().length;
            if (bytes + length > BLOCK_BYTES) {
                id = next(c);
                bytes = 0;
            }
            bytes += length;
            ids[i] = id * MAX_FRAMES + i;
        }
    }

    private long next(Connection c) throws SQLException {
        if (nextId > lastId) {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select nextval('frame_block_id')")) {
                r.next();
                nextId = r.getLong(1);
                lastId = nextId + IDS_AT_ONCE - 1;
            }
        }
        return nextId++;
    }

    long id(int message) {
        return ids[message];
    }

    /** Writes the frames that are to be kept; ids have been assigned. */
    void write(Connection c, List<RawFrame> frames, boolean[] kept, SeriesLayout layout) throws SQLException {
        long open = -1;
        for (int i = 0; i < frames.size(); i++) {
            if (kept[i]) {
                long id = ids[i] / MAX_FRAMES;
                if (id != open) {
                    finish(c, open, layout);
                    block.begin();
                    open = id;
                }
                block.add(i, frames.get(i));
            }
        }
        finish(c, open, layout);
    }

    private void finish(Connection c, long id, SeriesLayout layout) throws SQLException {
        if (id < 0) {
            return;
        }
        long received = block.lastReceived();
        if (!layout.keepsFrame(received)) {
            // Its retention is over already: a past is being filled in.
            block.end();
            return;
        }
        if (!layout.coversFrame(received)) {
            layout.ensureFrames(List.of(received));
        }
        try (PreparedStatement s =
                c.prepareStatement("insert into frame_block (id, received_at, n, payload) values (?, "
                        + Micros.toTime("?::bigint") + ", ?, ?)")) {
            s.setLong(1, id);
            s.setLong(2, received);
            s.setInt(3, block.frames());
            s.setBytes(4, block.end());
            s.executeUpdate();
        }
    }

    /** Reads one frame back; empty when it was never kept, or its retention is over. */
    static Optional<RawFrame> find(Database database, long frameId) {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement("select payload from frame_block where id = ?")) {
                s.setLong(1, frameId / MAX_FRAMES);
                try (ResultSet r = s.executeQuery()) {
                    return r.next() ? FrameBlock.find(r.getBytes(1), (int) (frameId % MAX_FRAMES)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() {
        block.close();
    }
}
