package city.canopy.core.series;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Stores samples of which it is not known whether they are there already: those that are not newer than the newest of
 * their datastream, and whole batches after memory was found behind. The first of a key wins, in the batch as in the
 * table; a timed sample that loses is a duplicate or a conflict, an untimed one moves on to the next free microsecond.
 */
final class CarefulInsert {
    private static final String INSERT = "insert into observation (datastream_id, measured_at, value, quality,"
            + " received_at, frame_id) select d, " + Micros.toTime("t") + ", v, q, " + Micros.toTime("r") + ", f"
            + " from unnest(?::bigint[], ?::bigint[], ?::float8[], ?::smallint[], ?::bigint[], ?::bigint[])"
            + " as u(d, t, v, q, r, f) on conflict (datastream_id, measured_at) do nothing"
            + " returning datastream_id, " + Micros.fromTime("measured_at");
    private static final String THERE = "select o.datastream_id, " + Micros.fromTime("o.measured_at") + ", o.value"
            + " from unnest(?::bigint[], ?::bigint[]) as u(d, t) join observation o"
            + " on o.datastream_id = u.d and o.measured_at = " + Micros.toTime("u.t") + " where o.measured_at between "
            + Micros.toTime("?::bigint") + " and " + Micros.toTime("?::bigint");
    private static final String TAKEN = "select " + Micros.fromTime("measured_at") + " from observation"
            + " where datastream_id = ? and measured_at >= " + Micros.toTime("?::bigint") + " and measured_at < "
            + Micros.toTime("?::bigint") + " order by measured_at";
    private static final int MOVES = 16;

    /** What a careful insert made of a sample. */
    enum Outcome {
        STORED,
        DUPLICATE,
        CONFLICT
    }

    /** A sample on trial. */
    static final class Candidate {
        final int index;
        final Sample sample;
        /** The highest event time of the datastream before this sample. */
        final long highest;

        final long frame;
        long time;
        Outcome outcome;

        Candidate(int index, Sample sample, long highest, long frame) {
            this.index = index;
            this.sample = sample;
            this.highest = highest;
            this.frame = frame;
            this.time = sample.measuredAt();
        }

        private Key key() {
            return new Key(sample.stream().id(), time);
        }

        boolean late() {
            return time < highest;
        }

        private long bits() {
            return Double.doubleToRawLongBits(sample.value());
        }
    }

    private record Key(long datastream, long time) {}

    private final Connection c;
    private final Map<Key, Candidate> firsts = new LinkedHashMap<>();
    private final List<Candidate> followers = new ArrayList<>();
    private final Map<Key, Long> there = new HashMap<>();

    private CarefulInsert(Connection c) {
        this.c = c;
    }

    /** Stores what is new and gives every candidate its outcome and its final time. */
    static void run(Connection c, List<Candidate> candidates) throws SQLException {
        new CarefulInsert(c).run(candidates);
    }

    private void run(List<Candidate> candidates) throws SQLException {
        for (Candidate candidate : candidates) {
            if (!candidate.sample.timed()) {
                while (firsts.containsKey(candidate.key())) {
                    candidate.time++;
                }
            }
            if (firsts.putIfAbsent(candidate.key(), candidate) != null) {
                followers.add(candidate);
            }
        }
        Collection<Candidate> round = new ArrayList<>(firsts.values());
        for (int moves = 0; !round.isEmpty(); moves++) {
            if (moves > MOVES) {
                throw new SQLException("untimed readings find no free moment: others write the same series", "40001");
            }
            round = inserted(round);
        }
        for (Candidate follower : followers) {
            follower.outcome = outcome(follower);
        }
    }

    /** Inserts, judges what lost, and moves untimed losers on; returns those that are to be tried again. */
    private List<Candidate> inserted(Collection<Candidate> round) throws SQLException {
        Set<Key> stored = insert(round);
        List<Candidate> lost = new ArrayList<>();
        for (Candidate candidate : round) {
            if (stored.contains(candidate.key())) {
                candidate.outcome = Outcome.STORED;
            } else {
                lost.add(candidate);
            }
        }
        readThere(lost);
        List<Candidate> again = new ArrayList<>();
        for (Candidate candidate : lost) {
            if (candidate.sample.timed()) {
                candidate.outcome = outcome(candidate);
            } else {
                firsts.remove(candidate.key());
                candidate.time = free(candidate);
                firsts.put(candidate.key(), candidate);
                again.add(candidate);
            }
        }
        return again;
    }

    private Outcome outcome(Candidate candidate) {
        Long bits = there.get(candidate.key());
        if (bits == null) {
            bits = firsts.get(candidate.key()).bits();
        }
        return bits == candidate.bits() ? Outcome.DUPLICATE : Outcome.CONFLICT;
    }

    private Set<Key> insert(Collection<Candidate> round) throws SQLException {
        int n = round.size();
        long[] datastreams = new long[n];
        long[] times = new long[n];
        double[] values = new double[n];
        short[] qualities = new short[n];
        long[] received = new long[n];
        long[] frames = new long[n];
        int i = 0;
        for (Candidate candidate : round) {
            datastreams[i] = candidate.sample.stream().id();
            times[i] = candidate.time;
            values[i] = candidate.sample.value();
            qualities[i] = Quality.of(candidate.sample.timed(), candidate.late());
            received[i] = candidate.sample.receivedAt();
            frames[i] = candidate.frame;
            i++;
        }
        PGConnection pg = c.unwrap(PGConnection.class);
        Set<Key> stored = new HashSet<>(n * 2);
        try (PreparedStatement s = c.prepareStatement(INSERT)) {
            s.setArray(1, pg.createArrayOf("int8", datastreams));
            s.setArray(2, pg.createArrayOf("int8", times));
            s.setArray(3, pg.createArrayOf("float8", values));
            s.setArray(4, pg.createArrayOf("int2", qualities));
            s.setArray(5, pg.createArrayOf("int8", received));
            s.setArray(6, pg.createArrayOf("int8", frames));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    stored.add(new Key(r.getLong(1), r.getLong(2)));
                }
            }
        }
        return stored;
    }

    private void readThere(List<Candidate> lost) throws SQLException {
        if (lost.isEmpty()) {
            return;
        }
        long[] datastreams =
                lost.stream().mapToLong(x -> x.sample.stream().id()).toArray();
        long[] times = lost.stream().mapToLong(x -> x.time).toArray();
        PGConnection pg = c.unwrap(PGConnection.class);
        try (PreparedStatement s = c.prepareStatement(THERE)) {
            s.setArray(1, pg.createArrayOf("int8", datastreams));
            s.setArray(2, pg.createArrayOf("int8", times));
            s.setLong(3, lost.stream().mapToLong(x -> x.time).min().getAsLong());
            s.setLong(4, lost.stream().mapToLong(x -> x.time).max().getAsLong());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    there.put(new Key(r.getLong(1), r.getLong(2)), Double.doubleToRawLongBits(r.getDouble(3)));
                }
            }
        }
    }

    /** The first microsecond after a taken one that neither the table nor the batch has. */
    private long free(Candidate candidate) throws SQLException {
        long datastream = candidate.sample.stream().id();
        long from = candidate.time + 1;
        Set<Long> taken = new HashSet<>();
        try (PreparedStatement s = c.prepareStatement(TAKEN)) {
            s.setLong(1, datastream);
            s.setLong(2, from);
            s.setLong(3, from + Micros.SECOND);
            s.setMaxRows(PgFrames.MAX_FRAMES * 4);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    taken.add(r.getLong(1));
                }
            }
        }
        long time = from;
        while (taken.contains(time) || firsts.containsKey(new Key(datastream, time))) {
            time++;
        }
        return time;
    }
}
