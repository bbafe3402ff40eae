package city.canopy.core.series;

import city.canopy.core.db.Database;
import city.canopy.core.series.CarefulInsert.Candidate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Appends readings and raw frames inside the caller's transaction. What is newer than everything of its datastream goes
 * straight into the table by binary COPY; the rest is inserted with care. Twice and late are normal.
 *
 * <p>One store belongs to one partition and its thread; all stores share {@link Latest}. One append per transaction.
 */
public final class PgSeriesStore implements AutoCloseable {
    /** The most samples that one append takes. */
    public static final int MAX_SAMPLES = 1_000_000;
    /** The most messages that one append takes. */
    public static final int MAX_MESSAGES = PgFrames.MAX_FRAMES;

    private static final String UNIQUE_VIOLATION = "23505";

    private final String partition;
    private final SeriesLayout layout;
    private final Latest latest;
    private final LatestFollower follower;
    private final PgFrames frames = new PgFrames();
    private final ObservationCopy copy = new ObservationCopy();
    private final BatchTimes times = new BatchTimes();

    private Appended.Fresh[] fresh = new Appended.Fresh[0];
    private int[] slots = new int[0];
    private boolean[] kept = new boolean[0];

    /**
     * @param partition the partition's name; two stores never share one
     * @param layout where the tables are
     * @param latest the memory, loaded by {@link #load}
     * @param clock decides when latest values are written
     */
    public PgSeriesStore(String partition, SeriesLayout layout, Latest latest, Clock clock) {
        this.partition = partition;
        this.layout = layout;
        this.latest = latest;
        this.follower = new LatestFollower(partition, latest, layout.config().latestEvery(), clock);
    }

    /** Rebuilds the memory of latest values and last-seen times. Once, before any store appends. */
    public static Latest load(Database database) {
        return PgLatest.load(database);
    }

    /**
     * Stores the samples that are new and the frames that they came in.
     *
     * @param c the partition's connection, inside a transaction
     * @param samples in order of arrival; their datastreams exist
     * @param messages the batch's messages, where {@link Sample#message()} points to
     * @throws SQLException when the database refuses; the caller rolls back. Nothing is remembered then. SQLSTATE classes
     *     22 and 23 say that a sample or a message is at fault
     * @throws IllegalArgumentException when a limit is passed
     */
    public Batch append(Connection c, List<Sample> samples, List<RawFrame> messages) throws SQLException {
        if (samples.size() > MAX_SAMPLES) {
            throw new IllegalArgumentException("an append takes at most 1,000,000 samples, not " + samples.size());
        }
        makeRoom(samples);
        reset(samples.size(), messages.size());
        frames.assign(c, messages);
        List<Candidate> careful = copyNewer(c, samples);
        if (careful == null) {
            careful = allAfterLookingUp(c, samples);
        }
        if (!careful.isEmpty()) {
            insertCarefully(c, careful);
        }
        Appended result = result(samples, careful);
        frames.write(c, messages, kept, layout);
        markLate(c, result.fresh());
        Runnable adoption = follower.write(c, updates(), result.fresh());
        return new Batch(result, adoption);
    }

    /**
     * Writes the latest values that are due, for a partition that has nothing to append: now and then while it idles,
     * and before it stops.
     *
     * @param force whether due or not
     */
    public Batch checkpoint(Connection c, boolean force) throws SQLException {
        Appended nothing = new Appended(List.of(), List.of(), List.of());
        return new Batch(nothing, force ? follower.writeNow(c) : follower.write(c, new TreeMap<>(), List.of()));
    }

    /** Whether {@link #checkpoint} would write something. */
    public boolean checkpointDue() {
        return follower.due();
    }

    /** Reads a raw frame back; empty when its retention is over. Any thread. */
    public static Optional<RawFrame> frame(Database database, long frameId) {
        return PgFrames.find(database, frameId);
    }

    private void makeRoom(List<Sample> samples) {
        Set<Long> missing = null;
        long day = Long.MIN_VALUE;
        for (int i = 0; i < samples.size(); i++) {
            long time = samples.get(i).measuredAt();
            // Readings of one batch are mostly of one day: ask once for each change.
            if (time < day || time >= day + Micros.DAY) {
                day = Micros.floor(time, Micros.DAY);
                if (!layout.coversReading(time)) {
                    missing = missing == null ? new HashSet<>() : missing;
                    missing.add(day);
                }
            }
        }
        if (missing != null) {
            layout.ensureReadings(missing);
        }
    }

    private void reset(int samples, int messages) {
        if (fresh.length < samples) {
            fresh = new Appended.Fresh[samples];
            slots = new int[samples];
        }
        if (kept.length < messages) {
            kept = new boolean[messages];
        }
        Arrays.fill(kept, false);
        Arrays.fill(fresh, null);
        times.begin(samples);
    }

    /** Copies what is certainly new; returns what is not, or null when something "certainly new" was there after all. */
    private List<Candidate> copyNewer(Connection c, List<Sample> samples) throws SQLException {
        List<Candidate> careful = new ArrayList<>();
        Savepoint before = null;
        try {
            for (int i = 0; i < samples.size(); i++) {
                Sample sample = samples.get(i);
                int slot = times.slot(sample.stream().id(), latest);
                slots[i] = slot;
                long highest = times.highest(slot);
                long time = sample.measuredAt();
                long frame = frames.id(sample.message());
                if (time < highest || time == highest && sample.timed()) {
                    careful.add(new Candidate(i, sample, highest, frame));
                    continue;
                }
                if (before == null) {
                    before = c.setSavepoint();
                    copy.begin(c);
                }
                if (time == highest) {
                    time = highest + 1;
                    sample = moved(sample, time);
                }
                copy.row(
                        sample.stream().id(),
                        time,
                        sample.value(),
                        Quality.of(sample.timed(), false),
                        sample.receivedAt(),
                        frame);
                times.saw(slot, time);
                fresh[i] = new Appended.Fresh(sample, false, frame);
            }
            if (before != null) {
                copy.end();
            }
            return careful;
        } catch (SQLException e) {
            copy.cancel(e);
            if (before == null || !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            c.rollback(before);
            return null;
        } catch (RuntimeException e) {
            copy.cancel(e);
            throw e;
        }
    }

    private static Sample moved(Sample s, long time) {
        return new Sample(s.stream(), s.value(), time, s.receivedAt(), s.timed(), s.message());
    }

    /** Memory was behind: it learns what the table has, and the whole batch is inserted with care. */
    private List<Candidate> allAfterLookingUp(Connection c, List<Sample> samples) throws SQLException {
        long[] datastreams = new long[times.size()];
        for (int i = 0; i < datastreams.length; i++) {
            datastreams[i] = times.id(i);
        }
        Map<Long, LatestReading> newer = PgLatest.newer(c, latest, datastreams);
        newer.forEach(latest::adopt);
        follower.learned(newer.keySet());
        Arrays.fill(fresh, null);
        times.begin(samples.size());
        List<Candidate> all = new ArrayList<>(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            int slot = times.slot(sample.stream().id(), latest);
            slots[i] = slot;
            all.add(new Candidate(i, sample, times.highest(slot), frames.id(sample.message())));
            times.saw(slot, sample.measuredAt());
        }
        return all;
    }

    private void insertCarefully(Connection c, List<Candidate> candidates) throws SQLException {
        CarefulInsert.run(c, candidates);
        for (Candidate x : candidates) {
            if (x.outcome == CarefulInsert.Outcome.STORED) {
                Sample sample = x.time == x.sample.measuredAt() ? x.sample : moved(x.sample, x.time);
                fresh[x.index] = new Appended.Fresh(sample, x.late(), x.frame);
            }
        }
    }

    private Appended result(List<Sample> samples, List<Candidate> careful) {
        List<Appended.Fresh> stored = new ArrayList<>(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            if (fresh[i] != null) {
                stored.add(fresh[i]);
                kept[fresh[i].sample().message()] = true;
                times.stored(slots[i], fresh[i].sample().measuredAt(), i);
            }
        }
        List<Sample> duplicates = new ArrayList<>();
        List<Sample> conflicts = new ArrayList<>();
        for (Candidate x : careful) {
            switch (x.outcome) {
                case DUPLICATE -> duplicates.add(x.sample);
                case CONFLICT -> conflicts.add(x.sample);
                case STORED -> {}
            }
        }
        return new Appended(stored, duplicates, conflicts);
    }

    private void markLate(Connection c, List<Appended.Fresh> stored) throws SQLException {
        if (layout.rollUps() == null) {
            return;
        }
        long before = layout.rollUps().marksBefore();
        Set<LateHour> hours = null;
        for (int i = 0; i < stored.size(); i++) {
            Sample sample = stored.get(i).sample();
            if (sample.measuredAt() < before) {
                hours = hours == null ? new TreeSet<>() : hours;
                hours.add(new LateHour(sample.stream().id(), Micros.floor(sample.measuredAt(), Micros.HOUR)));
            }
        }
        if (hours != null) {
            PgRollUps.markLate(
                    c,
                    hours.stream().map(LateHour::datastream).toArray(Long[]::new),
                    hours.stream().map(LateHour::hour).toArray(Long[]::new));
        }
    }

    private record LateHour(long datastream, long hour) implements Comparable<LateHour> {
        @Override
        public int compareTo(LateHour other) {
            int byStream = Long.compare(datastream, other.datastream);
            return byStream != 0 ? byStream : Long.compare(hour, other.hour);
        }
    }

    private TreeMap<Long, LatestReading> updates() {
        TreeMap<Long, LatestReading> updates = new TreeMap<>();
        for (int n = 0; n < times.size(); n++) {
            int index = times.newest(n);
            if (index >= 0) {
                Sample sample = fresh[index].sample();
                updates.put(
                        times.id(n),
                        new LatestReading(
                                sample.measuredAt(), sample.value(), sample.receivedAt(), fresh[index].frame()));
            }
        }
        return updates;
    }

    /** Frees what the store holds outside the heap. Writes nothing: see {@link #checkpoint}. */
    @Override
    public void close() {
        frames.close();
    }
}
