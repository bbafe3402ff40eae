package city.canopy.core.rules;

import city.canopy.core.rules.RuleState.Step;
import city.canopy.core.series.Appended;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Sample;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Device;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Judges the readings of one partition. Used by that partition's thread alone. What it finds is true once the
 * transaction commits: {@link #write} goes into it, then either {@link #adopt} or {@link #discard} must follow.
 *
 * <p>A reading that came behind a later one of its datastream is not judged. Everything that is not a phase is rebuilt
 * from stored readings when it is needed and not there.
 */
public final class Judge {
    private record Changed(StreamRules stream, RuleSlot slot) {}

    private final Supplier<RuleBook> books;
    private final RuleStates states;
    private final Surroundings surroundings;
    private final ReadingScope scope;
    private final HoldTimers timers;
    private List<SilenceWatch> watches = List.of();
    private final Map<Long, StreamRules> streams = new HashMap<>();
    private final List<StreamRules> touched = new ArrayList<>();
    private final List<Changed> changed = new ArrayList<>();
    private final Map<DeviceId, Long> heard = new HashMap<>();
    /** Keys whose states a failed transaction has touched: it may have committed before its answer was lost. */
    private final Set<String> doubtful = new HashSet<>();

    private StreamRules[] ofBatch = new StreamRules[256];
    private RuleBook book;
    private long batch = 1;
    private boolean pendingLoaded;

    /**
     * Every partition has its own judge; the books, the states and the surroundings are common to all.
     *
     * @param books the rules in force. Another book holds from the next batch on; what its rules of the same id have
     *     found so far stays
     */
    public Judge(Supplier<RuleBook> books, RuleStates states, Surroundings surroundings) {
        this.books = Objects.requireNonNull(books, "books");
        this.states = Objects.requireNonNull(states, "states");
        this.surroundings = Objects.requireNonNull(surroundings, "surroundings");
        this.scope = new ReadingScope(surroundings);
        this.timers = new HoldTimers(Micros.of(surroundings.startedAt()), surroundings.zone());
        open(books.get());
    }

    private void open(RuleBook now) {
        book = now;
        watches = now.silences().stream()
                .map(rule -> new SilenceWatch(rule, states, surroundings))
                .toList();
    }

    /** Takes another book up, where there is one: between two batches everything but the states is made anew. */
    private void lookUp() {
        RuleBook now = books.get();
        if (now != book) {
            open(now);
            streams.clear();
            pendingLoaded = false;
        }
    }

    /** Judges what was stored, in its order; gives what is to be said, in that order. */
    public List<Finding> judge(List<Appended.Fresh> fresh) {
        lookUp();
        settle();
        meet(fresh);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            judge(fresh.get(i), ofBatch[i], findings);
        }
        return findings;
    }

    /** A device has said something that brought no reading; it is not silent. */
    public void heard(DeviceId device, Instant receivedAt) {
        heard.merge(device, Micros.of(receivedAt), Math::max);
    }

    /**
     * Lets time pass: fires what has held for long enough, and finds who is silent and who has spoken again. To be
     * called at {@link #nextDue}, and at least every second, within a transaction of the partition.
     *
     * @param now the time of receipt
     * @param mine whether this partition takes the messages of a device
     */
    public List<Finding> tick(Instant now, Predicate<DeviceId> mine) {
        lookUp();
        settle();
        if (!pendingLoaded) {
            loadPending(mine);
            pendingLoaded = true;
        }
        List<Finding> findings = new ArrayList<>();
        timers.due(Micros.of(now), (stream, slot) -> {
            if (streams.get(stream.stream.id()) == stream) {
                touch(stream);
                take(stream, slot, elapsed(stream, slot), findings);
            }
        });
        for (SilenceWatch watch : watches) {
            watch.tick(Micros.of(now), mine, findings);
        }
        return findings;
    }

    /** When {@link #tick} next has something to do, as far as is known; it may turn out to be nothing. */
    public Optional<Instant> nextDue() {
        if (!pendingLoaded || books.get() != book) {
            return Optional.of(surroundings.startedAt());
        }
        long next = timers.next();
        for (SilenceWatch watch : watches) {
            next = Math.min(next, watch.next());
        }
        return next == RuleSlot.NOT_DUE ? Optional.empty() : Optional.of(Micros.instant(next));
    }

    /** Writes every state that has changed phase since the last commit. */
    public void write(Connection connection) throws SQLException {
        List<RuleStates.Kept> changes = changes();
        if (!changes.isEmpty()) {
            PgRuleStates.write(connection, changes);
        }
    }

    /** The transaction has committed. */
    public void adopt() {
        changes().forEach(states::adopt);
        watches.forEach(SilenceWatch::adopt);
        for (Changed change : changed) {
            change.slot().changed = false;
        }
        for (StreamRules stream : touched) {
            if (stream.heardInBatch > 0) {
                spread(stream.stream.device(), stream.word, stream.heardInBatch);
                stream.heardInBatch = 0;
            }
        }
        heard.forEach((device, at) -> spread(device, states.words().of(device), at));
        next();
    }

    /**
     * The transaction has failed: what was judged in it has not been, unless it committed and only its answer was lost.
     * The states that it touched are read from the database before the next judgement.
     */
    public void discard() {
        changes().forEach(kept -> doubtful.add(kept.key()));
        for (StreamRules stream : touched) {
            streams.remove(stream.stream.id());
        }
        watches.forEach(SilenceWatch::discard);
        pendingLoaded = false;
        next();
    }

    /** What {@link #write} writes. */
    List<RuleStates.Kept> changes() {
        List<RuleStates.Kept> changes = new ArrayList<>();
        for (Changed change : changed) {
            changes.add(new RuleStates.Kept(
                    change.slot().rule.id(), Source.of(change.stream().stream).key(), change.slot().state));
        }
        for (SilenceWatch watch : watches) {
            changes.addAll(watch.changes());
        }
        return changes;
    }

    private void settle() {
        if (!doubtful.isEmpty()) {
            states.settle(doubtful, surroundings.past().states(doubtful));
            doubtful.clear();
        }
    }

    private void next() {
        touched.clear();
        changed.clear();
        heard.clear();
        batch++;
    }

    private void spread(DeviceId device, LastWords.Word word, long at) {
        word.heard(at);
        Optional<Device> enrolled = surroundings.devices().get().find(device);
        if (enrolled.isPresent() && enrolled.get().gateway() != null) {
            states.words().of(enrolled.get().gateway()).heard(at);
        }
    }

    /** Finds the rules of every reading, and rebuilds in one go the windows that are not there. */
    private void meet(List<Appended.Fresh> fresh) {
        if (ofBatch.length < fresh.size()) {
            ofBatch = new StreamRules[Math.max(fresh.size(), ofBatch.length * 2)];
        }
        Map<Long, StreamRules> lacking = Map.of();
        List<Past.Wanted> wanted = List.of();
        Set<Long> waiting = Set.of();
        for (int i = 0; i < fresh.size(); i++) {
            Sample sample = fresh.get(i).sample();
            StreamRules stream = meet(sample.stream());
            ofBatch[i] = stream;
            if (stream.lacksLast()) {
                waiting = waiting.isEmpty() ? new HashSet<>() : waiting;
                waiting.add(sample.stream().id());
            }
            if (!fresh.get(i).late() && stream.slots.length > 0 && stream.lacksWindow()) {
                if (lacking.isEmpty()) {
                    lacking = new HashMap<>();
                    wanted = new ArrayList<>();
                }
                if (lacking.put(sample.stream().id(), stream) == null) {
                    wanted.add(new Past.Wanted(sample.stream().id(), sample.measuredAt() - reach(stream)));
                }
            }
        }
        if (!wanted.isEmpty()) {
            rebuild(lacking, wanted);
        }
        if (!waiting.isEmpty()) {
            for (Past.Last last : surroundings.past().last(waiting)) {
                remember(streams.get(last.stream().id()), last);
            }
        }
    }

    private static void remember(StreamRules stream, Past.Last last) {
        stream.lastMeasured = last.measuredAt();
        stream.lastReceived = last.receivedAt();
    }

    private StreamRules meet(Datastream stream) {
        StreamRules known = streams.get(stream.id());
        if (known == null) {
            known = create(stream);
            streams.put(stream.id(), known);
        }
        return known;
    }

    private StreamRules create(Datastream stream) {
        List<Rule> rules = book.of(stream.quantity(), stream.layer());
        RuleSlot[] slots = rules.isEmpty() ? StreamRules.NO_RULES : new RuleSlot[rules.size()];
        String key = Source.of(stream).key();
        for (int i = 0; i < slots.length; i++) {
            Rule rule = rules.get(i);
            slots[i] = new RuleSlot(rule, RuleBook.target(rule).orElseThrow(), states.get(rule.id(), key));
        }
        return new StreamRules(stream, slots, states.words().of(stream.device()));
    }

    /** Twice the window: a value of the last window may itself have moved too far from one of the window before. */
    private static long reach(StreamRules stream) {
        long reach = 0;
        for (RuleSlot slot : stream.slots) {
            if (slot.rule instanceof Rule.Change change) {
                reach = Math.max(reach, 2 * Micros.of(change.within()));
            }
        }
        return reach;
    }

    private void rebuild(Map<Long, StreamRules> lacking, List<Past.Wanted> wanted) {
        for (StreamRules stream : lacking.values()) {
            for (RuleSlot slot : stream.slots) {
                if (slot.rule instanceof Rule.Change change) {
                    slot.window = new ChangeWindow(change.by(), Micros.of(change.within()), change.direction());
                }
            }
        }
        for (Past.Stored stored : surroundings.past().readings(wanted)) {
            for (RuleSlot slot : lacking.get(stored.datastream()).slots) {
                if (slot.window != null) {
                    slot.window.add(stored.measuredAt(), stored.value());
                }
            }
        }
    }

    private void judge(Appended.Fresh fresh, StreamRules stream, List<Finding> findings) {
        Sample sample = fresh.sample();
        touch(stream);
        stream.heardInBatch = Math.max(stream.heardInBatch, sample.receivedAt());
        if (fresh.late() || stream.slots.length == 0) {
            return;
        }
        scope.read(stream, sample, fresh.frame());
        for (RuleSlot slot : stream.slots) {
            Step step = evaluate(slot);
            if (step.after() != slot.state || !step.findings().isEmpty()) {
                take(stream, slot, step, findings);
            }
        }
        stream.lastMeasured = sample.measuredAt();
        stream.lastReceived = sample.receivedAt();
        stream.lastValue = sample.value();
        stream.lastFrame = fresh.frame();
        for (RuleSlot slot : stream.slots) {
            if (slot.state.phase() == RuleState.Phase.PENDING) {
                timers.set(stream, slot);
            }
        }
    }

    private Step evaluate(RuleSlot slot) {
        ReadingScope reading = scope.as(slot);
        if (slot.rule instanceof Rule.Threshold threshold) {
            return RuleEvaluator.evaluate(threshold, slot.state, reading);
        }
        if (slot.rule instanceof Rule.Missed missed) {
            return RuleEvaluator.evaluate(missed, slot.state, reading);
        }
        boolean moved = slot.window.add(reading.measuredAt(), reading.value());
        return RuleEvaluator.evaluate((Rule.Change) slot.rule, slot.state, reading, moved, slot.window.lastChange());
    }

    private Step elapsed(StreamRules stream, RuleSlot slot) {
        if (slot.rule instanceof Rule.Missed missed) {
            RuleEvaluator.Seen last = new RuleEvaluator.Seen(stream.lastMeasured, stream.lastValue, stream.lastFrame);
            return RuleEvaluator.overdue(missed, slot.state, stream.stream, last, surroundings.zone());
        }
        return RuleEvaluator.elapsed((Rule.Threshold) slot.rule, slot.state, stream.stream);
    }

    private void take(StreamRules stream, RuleSlot slot, Step step, List<Finding> findings) {
        slot.state = step.after();
        findings.addAll(step.findings());
        if (!slot.changed) {
            slot.changed = true;
            changed.add(new Changed(stream, slot));
        }
    }

    private void touch(StreamRules stream) {
        if (stream.batch != batch) {
            stream.batch = batch;
            touched.add(stream);
        }
    }

    private void loadPending(Predicate<DeviceId> mine) {
        Set<Long> pending = new HashSet<>();
        for (RuleStates.Kept kept : states.list()) {
            if (kept.state().phase() == RuleState.Phase.PENDING) {
                long datastream = Long.parseLong(kept.key());
                if (!streams.containsKey(datastream)) {
                    pending.add(datastream);
                }
            }
        }
        if (pending.isEmpty()) {
            return;
        }
        for (Past.Last last : surroundings.past().last(pending)) {
            if (mine.test(last.stream().device())) {
                StreamRules stream = meet(last.stream());
                remember(stream, last);
                for (RuleSlot slot : stream.slots) {
                    if (slot.state.phase() == RuleState.Phase.PENDING) {
                        timers.set(stream, slot);
                    }
                }
            }
        }
    }
}
