package city.canopy.core.rules;

import city.canopy.core.rules.RuleState.Step;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The judgement itself: a rule, where it stood, and a reading give where it stands now and what is to be said. Pure: the
 * same input has the same outcome, whenever and how often it is asked.
 *
 * <p>Event time decides. A condition that must hold for a time is raised at the very moment at which it has held for so
 * long, be that seen by a timer or by the next reading: a reading measured at or after that moment first lets the time
 * pass and is then judged itself.
 */
final class RuleEvaluator {
    private RuleEvaluator() {}

    /** Judges a reading that is measured after all those before it. */
    static Step evaluate(Rule.Threshold rule, RuleState before, ReadingScope reading) {
        return switch (before.phase()) {
            case CLEAR -> opens(rule, reading) ? begin(rule, reading) : before.unchanged();
            case PENDING -> {
                if (reading.measuredAt() >= heldAt(rule, before)) {
                    yield then(elapsed(rule, before, reading.stream()), rule, reading);
                }
                yield opens(rule, reading) ? before.unchanged() : RuleState.CLEAR.unchanged();
            }
            case FIRING -> clears(rule, reading) ? cleared(rule, reading) : before.unchanged();
        };
    }

    /** The event time at which a pending condition will have held for long enough, or work will be overdue. */
    static long dueAt(Rule rule, RuleState pending, ZoneId zone) {
        return rule instanceof Rule.Missed missed
                ? deadline(missed, pending, zone)
                : heldAt((Rule.Threshold) rule, pending);
    }

    private static long heldAt(Rule.Threshold rule, RuleState pending) {
        return pending.since() + Micros.of(rule.hold());
    }

    private static long deadline(Rule.Missed rule, RuleState pending, ZoneId zone) {
        return Micros.of(
                day(pending.since(), zone).atTime(rule.by()).atZone(zone).toInstant());
    }

    private static LocalDate day(long micros, ZoneId zone) {
        return LocalDate.ofInstant(Micros.instant(micros), zone);
    }

    /** Raises a pending condition that has held for long enough. */
    static Step elapsed(Rule.Threshold rule, RuleState pending, Datastream stream) {
        RuleState firing = RuleState.firing(pending.since(), pending.proof());
        return new Step(
                firing,
                List.of(new Finding.Raise(
                        rule.head(),
                        stream.subject(),
                        Source.of(stream),
                        Micros.instant(pending.since()),
                        Micros.instant(heldAt(rule, pending)),
                        pending.proof())));
    }

    /**
     * Judges a reading by whether work was done on its day. While a feature waits for a day, {@code since} is the
     * beginning of that day, which may lie ahead.
     */
    static Step evaluate(Rule.Missed rule, RuleState before, ReadingScope reading) {
        return switch (before.phase()) {
            case CLEAR -> new Step(awaiting(rule, reading), List.of());
            case PENDING -> {
                if (reading.measuredAt() >= deadline(rule, before, reading.zone())) {
                    yield then(
                            overdue(rule, before, reading.stream(), witness(before, reading), reading.zone()),
                            rule,
                            reading);
                }
                boolean onTheDay = reading.measuredAt() >= before.since();
                yield onTheDay && rule.done().holds(reading)
                        ? new Step(awaiting(rule, reading), List.of())
                        : before.unchanged();
            }
            case FIRING ->
                rule.done().holds(reading)
                        ? new Step(
                                awaiting(rule, reading), cleared(rule, reading).findings())
                        : before.unchanged();
        };
    }

    /** What tells of the day: the reading before, or one of the same day after the hour. */
    private static Seen witness(RuleState pending, ReadingScope reading) {
        Seen last = reading.before();
        boolean sameDay = day(reading.measuredAt(), reading.zone()).equals(day(pending.since(), reading.zone()));
        return last.measuredAt() < pending.since() && sameDay ? reading.seen() : last;
    }

    /** The next day on which work is due after this reading has been seen; clear where no round is for the feature. */
    private static RuleState awaiting(Rule.Missed rule, ReadingScope reading) {
        ZoneId zone = reading.zone();
        ZonedDateTime at = Micros.instant(reading.measuredAt()).atZone(zone);
        // A reading that shows the work done speaks for its own day; one after the hour comes too late for it.
        boolean over = rule.done().holds(reading) || !at.toLocalTime().isBefore(rule.by());
        LocalDate from = over ? at.toLocalDate().plusDays(1) : at.toLocalDate();
        return rule.rounds().stream()
                .filter(round ->
                        round.filter().isEmpty() || round.filter().get().holds(reading))
                .map(round -> round.days().apply(from))
                .min(LocalDate::compareTo)
                .map(day -> RuleState.pending(Micros.of(day.atStartOfDay(zone).toInstant()), reading.proof()))
                .orElse(RuleState.CLEAR);
    }

    /**
     * Raises that nothing has shown the work done by its hour.
     *
     * @param last the last reading before that hour; where it is not of that day nobody knows, and nothing is said
     */
    static Step overdue(Rule.Missed rule, RuleState pending, Datastream stream, Seen last, ZoneId zone) {
        if (last.measuredAt() < pending.since()) {
            return new Step(RuleState.CLEAR, List.of());
        }
        Finding.Proof proof = last.frame() == 0
                ? pending.proof()
                : new Finding.Proof(
                        OptionalDouble.of(last.value()),
                        last.frame(),
                        Map.of(rule.target().quantity().name(), last.value()));
        return new Step(
                RuleState.firing(pending.since(), proof),
                List.of(new Finding.Raise(
                        rule.head(),
                        stream.subject(),
                        Source.of(stream),
                        Micros.instant(pending.since()),
                        Micros.instant(deadline(rule, pending, zone)),
                        proof)));
    }

    /**
     * A reading as it is remembered.
     *
     * @param measuredAt 0 where there was none
     * @param frame 0 where it is not known any more
     */
    record Seen(long measuredAt, double value, long frame) {}

    private static Step then(Step first, Rule.Missed rule, ReadingScope reading) {
        Step second = evaluate(rule, first.after(), reading);
        List<Finding> both = new ArrayList<>(first.findings());
        both.addAll(second.findings());
        return new Step(second.after(), both);
    }

    /**
     * Judges a reading by how far the value has moved.
     *
     * @param moved whether it is too far from a value of the window
     * @param lastChange when that last was so, or {@link ChangeWindow#NEVER}
     */
    static Step evaluate(Rule.Change rule, RuleState before, ReadingScope reading, boolean moved, long lastChange) {
        boolean here = rule.where().isEmpty() || rule.where().get().holds(reading);
        if (before.phase() != RuleState.Phase.FIRING) {
            return moved && here ? raised(rule, reading) : before.unchanged();
        }
        boolean calm =
                lastChange == ChangeWindow.NEVER || reading.measuredAt() - lastChange >= Micros.of(rule.within());
        return !here || (!moved && calm) ? cleared(rule, reading) : before.unchanged();
    }

    /** Judges a device that has said nothing from {@code since} to {@code at}, which is for too long. */
    static Step silent(Rule.Silence rule, DeviceId device, Instant since, Instant at) {
        Source source = Source.of(device);
        return new Step(
                RuleState.firing(Micros.of(since), Finding.Proof.NONE),
                List.of(new Finding.Raise(rule.head(), Subject.of(device), source, since, at, Finding.Proof.NONE)));
    }

    /** Judges a silent device that has spoken again. */
    static Step spoke(Rule.Silence rule, DeviceId device, Instant at) {
        return new Step(
                RuleState.CLEAR, List.of(new Finding.Clear(rule.head(), Subject.of(device), Source.of(device), at)));
    }

    private static boolean opens(Rule.Threshold rule, ReadingScope reading) {
        return rule.open().holds(reading) && isHere(rule, reading);
    }

    private static boolean clears(Rule.Threshold rule, ReadingScope reading) {
        boolean over = rule.clear().isPresent()
                ? rule.clear().get().holds(reading)
                : !rule.open().holds(reading);
        return over || !isHere(rule, reading);
    }

    private static boolean isHere(Rule.Threshold rule, ReadingScope reading) {
        return rule.where().isEmpty() || rule.where().get().holds(reading);
    }

    private static Step begin(Rule.Threshold rule, ReadingScope reading) {
        return rule.hold().isZero()
                ? raised(rule, reading)
                : new Step(RuleState.pending(reading.measuredAt(), reading.proof()), List.of());
    }

    private static Step then(Step first, Rule.Threshold rule, ReadingScope reading) {
        Step second = evaluate(rule, first.after(), reading);
        List<Finding> both = new ArrayList<>(first.findings());
        both.addAll(second.findings());
        return new Step(second.after(), both);
    }

    private static Step raised(Rule rule, ReadingScope reading) {
        Instant at = Micros.instant(reading.measuredAt());
        Finding.Proof proof = reading.proof();
        return new Step(
                RuleState.firing(reading.measuredAt(), proof),
                List.of(new Finding.Raise(
                        rule.head(), reading.stream().subject(), Source.of(reading.stream()), at, at, proof)));
    }

    private static Step cleared(Rule rule, ReadingScope reading) {
        return new Step(
                RuleState.CLEAR,
                List.of(new Finding.Clear(
                        rule.head(),
                        reading.stream().subject(),
                        Source.of(reading.stream()),
                        Micros.instant(reading.measuredAt()))));
    }
}
