package city.canopy.core.ingest;

import city.canopy.core.ingest.Batch.Known;
import city.canopy.core.ingest.Batch.Said;
import city.canopy.core.ingest.Stats.Count;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.Judge;
import city.canopy.core.series.Appended;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.PgSeriesStore;
import city.canopy.core.series.Sample;
import city.canopy.core.series.Subject;
import city.canopy.devices.codec.Decoded;
import city.canopy.devices.codec.RefusalCode;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Reading;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The line from a message to a ticket. {@link #accept} is the whole of it: a step that is not there does not happen.
 * From append to commit it is one transaction on the partition's own connection; what the steps keep in memory becomes
 * true at the commit and is dropped at a rollback.
 */
public final class IngestPipeline implements Pipeline {
    private final LineParts parts;
    private final PgSeriesStore store;
    private final Judge judge;
    private final Predicate<DeviceId> mine;
    private final Clock clock;
    private final Identification identification;
    private final Stats.Delta counted;
    private final PartitionConnection connection;

    /**
     * @param index the partition's
     * @param store the partition's own, as the judge is
     * @param mine which devices' messages this partition takes
     */
    public IngestPipeline(
            int index, LineParts parts, PgSeriesStore store, Judge judge, Predicate<DeviceId> mine, Clock clock) {
        this.parts = parts;
        this.store = store;
        this.judge = judge;
        this.mine = mine;
        this.clock = clock;
        this.identification = new Identification(parts.profiles());
        this.counted = new Stats.Delta(index);
        this.connection = new PartitionConnection(parts.database());
    }

    @Override
    public void accept(List<Inbound> messages) throws SQLException {
        Batch batch = new Batch(messages, parts.registry().get(), clock.instant());
        identify(batch);
        decode(batch);
        List<Sample> samples = attach(batch);
        city.canopy.core.series.Batch stored = append(batch, samples);
        List<Finding> findings = judge(batch, stored.result());
        raise(findings, batch.now);
        setAside(batch, stored.result());
        commit(stored);
        acknowledge(messages);
        announce(stored.result().fresh(), !findings.isEmpty() || !batch.replies.isEmpty());
    }

    /** Who sent it, what kind of device is that, and what sort of message is it? */
    private void identify(Batch batch) {
        for (int i = 0; i < batch.messages.size(); i++) {
            identification.identify(i, batch);
        }
    }

    /** Bytes to readings; what is bad stays a value. */
    private void decode(Batch batch) {
        for (Known known : batch.known) {
            Decoded decoded = parts.codecs().decode(known.message().uplink(), known.profile());
            if (decoded instanceof Decoded.Readings readings) {
                take(batch, known, readings);
            } else if (decoded instanceof Decoded.Refused refused) {
                refused.refusals().forEach(refusal -> batch.refuse(known.message(), refusal));
            }
        }
    }

    private void take(Batch batch, Known known, Decoded.Readings readings) {
        readings.refusals().forEach(refusal -> batch.refuse(known.message(), refusal));
        long receivedAt = Batch.micros(known.message().uplink().receivedAt());
        for (Reading reading : readings.readings()) {
            batch.said.add(new Said(
                    known.index(),
                    known.device().id(),
                    reading,
                    parts.placement().subject(known.device(), reading.measuredAt(), readings.position()),
                    known.profile().quantities().get(reading.quantity().name()).unit(),
                    receivedAt));
        }
    }

    /** Which datastream, and so which feature, does each reading belong to? */
    private List<Sample> attach(Batch batch) {
        List<Datastreams.Key> keys = new ArrayList<>(batch.said.size());
        for (Said said : batch.said) {
            Subject subject = said.subject();
            boolean device = subject.isDevice();
            keys.add(new Datastreams.Key(
                    said.device(),
                    said.reading().quantity(),
                    said.reading().instance(),
                    device ? null : subject.layer(),
                    device ? null : subject.id(),
                    said.unit()));
        }
        List<Datastream> streams = parts.streams().resolve(keys);
        List<Sample> samples = new ArrayList<>(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            Said said = batch.said.get(i);
            if (streams.get(i) == null) {
                batch.refuse(
                        batch.messages.get(said.index()),
                        RefusalCode.TOO_LARGE,
                        "there are " + Datastreams.DEFAULT_LIMIT + " datastreams, and no more can be made");
                continue;
            }
            samples.add(new Sample(
                    streams.get(i),
                    said.reading().value(),
                    Batch.micros(said.reading().measuredAt()),
                    said.receivedAtMicros(),
                    said.reading().timed(),
                    said.index()));
        }
        return samples;
    }

    /** Only what is new is stored; raw frames are kept where they brought something new. */
    private city.canopy.core.series.Batch append(Batch batch, List<Sample> samples) throws SQLException {
        city.canopy.core.series.Batch stored = store.append(connection.get(), samples, batch.frames());
        for (Sample conflict : stored.result().conflicts()) {
            batch.refuse(
                    batch.messages.get(conflict.message()),
                    RefusalCode.CONFLICT,
                    conflict.stream().quantity() + " of this moment came before with another value than "
                            + conflict.value());
        }
        return stored;
    }

    /** Is it a finding? */
    private List<Finding> judge(Batch batch, Appended stored) {
        List<Finding> findings = judge.judge(stored.fresh());
        for (Batch.Word word : batch.words) {
            judge.heard(word.device(), word.at());
        }
        for (Batch.Reply reply : batch.replies) {
            judge.heard(reply.device(), reply.at());
        }
        return findings;
    }

    /** Opens or touches the tickets, and writes the states that changed phase. */
    private void raise(List<Finding> findings, Instant now) throws SQLException {
        if (!findings.isEmpty()) {
            counted.add(
                    Count.TICKETS_OPENED,
                    parts.desk().raise(connection.get(), findings, now).opened());
        }
        judge.write(connection.get());
    }

    /** Quarantine, what devices say of themselves and of their commands, and the counts. */
    private void setAside(Batch batch, Appended stored) throws SQLException {
        PgDeviceWords.write(connection.get(), batch);
        Replies.write(connection.get(), batch);
        List<Refused> rows = new ArrayList<>();
        for (Refused refused : onePerCode(batch.refused)) {
            if (refused.message().door() instanceof Replay) {
                continue;
            }
            boolean admitted = parts.aftermath().quarantine().admits(refused.message());
            counted.add(admitted ? Count.QUARANTINED : Count.OVER_QUOTA, 1);
            if (admitted) {
                rows.add(refused);
            }
        }
        if (!rows.isEmpty()) {
            parts.aftermath().store().write(connection.get(), rows);
        }
        Replay.note(connection.get(), batch, parts.aftermath().store());
        counted.add(Count.ACCEPTED, batch.messages.size());
        counted.add(Count.STORED, stored.fresh().size());
        counted.add(Count.DUPLICATE, stored.duplicates().size());
        counted.write(connection.get());
    }

    /** Several refusals of one message for the same reason are one, with the details one after the other. */
    private static Iterable<Refused> onePerCode(List<Refused> refused) {
        if (refused.size() < 2) {
            return refused;
        }
        Map<Object, Refused> merged = new LinkedHashMap<>();
        for (Refused one : refused) {
            merged.merge(
                    List.of(
                            System.identityHashCode(one.message()),
                            one.refusal().code()),
                    one,
                    Refused::and);
        }
        return merged.values();
    }

    private void commit(city.canopy.core.series.Batch stored) throws SQLException {
        connection.commit();
        stored.adopt();
        judge.adopt();
        parts.aftermath().stats().adopt(counted);
        counted.clear();
    }

    /** Tells each door what is safe, in order of arrival. */
    private static void acknowledge(List<Inbound> messages) {
        Door first = messages.get(0).door();
        if (messages.stream().allMatch(message -> message.door() == first)) {
            first.committed(messages);
            return;
        }
        Map<Door, List<Inbound>> byDoor = new LinkedHashMap<>();
        for (Inbound message : messages) {
            byDoor.computeIfAbsent(message.door(), door -> new ArrayList<>()).add(message);
        }
        byDoor.forEach(Door::committed);
    }

    private void announce(List<Appended.Fresh> fresh, boolean outboxFilled) {
        if (outboxFilled) {
            parts.aftermath().announcements().outboxFilled();
        }
        if (!fresh.isEmpty()) {
            parts.aftermath().announcements().stored(fresh);
        }
    }

    @Override
    public void refuse(Inbound message, String why) throws SQLException {
        Batch batch = new Batch(List.of(message), parts.registry().get(), clock.instant());
        batch.refuse(message, RefusalCode.POISONED, "the database refused it: " + why);
        setAside(batch, new Appended(List.of(), List.of(), List.of()));
        connection.commit();
        parts.aftermath().stats().adopt(counted);
        counted.clear();
        acknowledge(batch.messages);
    }

    @Override
    public void tick(Instant now) throws SQLException {
        boolean due = judge.nextDue().filter(next -> !next.isAfter(now)).isPresent();
        boolean checkpoint = store.checkpointDue();
        if (!due && !checkpoint) {
            return;
        }
        List<Finding> findings = due ? judge.tick(now, mine) : List.of();
        raise(findings, now);
        counted.write(connection.get());
        commit(store.checkpoint(connection.get(), false));
        announce(List.of(), !findings.isEmpty());
    }

    @Override
    public void discard() {
        judge.discard();
        counted.clear();
        connection.rollback();
    }

    @Override
    public void close() {
        try {
            commit(store.checkpoint(connection.get(), true));
        } catch (SQLException | RuntimeException e) {
            // Nothing is lost by it: the next start reads what is missing from the readings themselves.
            org.slf4j.LoggerFactory.getLogger(IngestPipeline.class)
                    .info("latest values were not written at the end: {}", e.getMessage());
        }
        connection.close();
        store.close();
    }
}
