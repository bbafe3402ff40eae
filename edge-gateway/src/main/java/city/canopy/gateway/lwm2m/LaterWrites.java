package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Command.Then;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.gateway.store.StateStore;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that follow others: which valve is to be closed again, and when. One for each resource, kept over a restart,
 * and on disk before the first write goes out, so that no valve is open of which the gateway does not know. The last
 * command counts. Any thread.
 */
final class LaterWrites {
    private static final Logger LOG = LoggerFactory.getLogger(LaterWrites.class);
    private static final String SPACE = "lwm2m.later";
    private static final Duration PAUSE = Duration.ofSeconds(30);
    /** Beyond that, a time that is further off than it was meant to be tells of a clock that was set back. */
    private static final Duration SLACK = Duration.ofMinutes(1);
    /** How long one is kept for a device that is not one of the gateway's any more. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final StateStore state;
    private final Clock clock;
    /** Guarded by this. */
    private final TreeMap<String, Later> byResource = new TreeMap<>();

    private volatile BiConsumer<Command, CommandReply> replies = (command, reply) -> {};

    /**
     * A write that is due at a time.
     *
     * @param command what it follows
     * @param notBefore when it is tried again after a try that failed
     * @param why what the service was told last of why it is not done though it is due; empty for nothing
     */
    record Later(Command command, Instant at, Instant notBefore, String why) {
        Later(Command command, Instant at) {
            this(command, at, Instant.MIN, "");
        }

        String device() {
            return command.device().value();
        }

        LwM2m first() {
            return command.lwm2m().orElseThrow();
        }

        Then then() {
            return first().then().orElseThrow();
        }

        LwM2m write() {
            return later(first());
        }

        private String key() {
            return device() + first().path();
        }

        /** A clock that was set back must not keep a valve open. */
        private boolean isDue(Instant now) {
            return !notBefore.isAfter(now)
                    && (!at.isAfter(now) || at.isAfter(now.plus(then().after()).plus(SLACK)));
        }
    }

    /** The write that follows one. */
    static LwM2m later(LwM2m first) {
        return new LwM2m(
                Operation.WRITE,
                first.path(),
                first.then().orElseThrow().value(),
                first.type(),
                Optional.empty(),
                false);
    }

    LaterWrites(StateStore state, Clock clock) {
        this.state = state;
        this.clock = clock;
        state.list(SPACE).forEach((key, bytes) -> {
            try {
                Instant at = Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong());
                Command command = CommandJson.command(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
                byResource.put(key, new Later(command, at));
            } catch (CommandException | BufferUnderflowException e) {
                LOG.error("a write that is due later at {} cannot be read: {}", key, e.getMessage());
            }
        });
    }

    /** From now on somebody hears what becomes of them; nothing does before. */
    void start(BiConsumer<Command, CommandReply> replies) {
        this.replies = replies;
    }

    /** A command that another write follows is about to go out. Completes when that is on disk; where one is due sooner, it stays so. */
    CompletableFuture<Void> arm(Command command) {
        return keep(command, true);
    }

    /**
     * The device has done the first write: from now on its time counts.
     *
     * @return when the second one is due
     */
    Instant confirm(Command command) {
        keep(command, false).whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("what follows {} comes too early after a restart: {}", command.id(), problem.getMessage());
            }
        });
        return clock.instant()
                .plus(command.lwm2m().orElseThrow().then().orElseThrow().after());
    }

    private synchronized CompletableFuture<Void> keep(Command command, boolean sooner) {
        Instant now = clock.instant();
        Later later = new Later(command, now);
        Instant at = now.plus(later.then().after());
        Later before = byResource.get(later.key());
        if (sooner && before != null && before.at().isBefore(at)) {
            at = before.at();
        }
        if (before != null && !before.command().id().equals(command.id())) {
            tell(before, State.THEN_REPLACED, "");
        }
        later = new Later(command, at);
        byResource.put(later.key(), later);
        byte[] json = CommandJson.write(command);
        byte[] value = ByteBuffer.allocate(Long.BYTES + json.length)
                .putLong(at.toEpochMilli())
                .put(json)
                .array();
        return state.put(SPACE, later.key(), value);
    }

    /** What is due for a device, the oldest first. */
    synchronized Optional<Later> due(String device) {
        Instant now = clock.instant();
        return of(device).stream().filter(each -> each.isDue(now)).min(Comparator.comparing(Later::at));
    }

    private Collection<Later> of(String device) {
        // A resource's path begins with '/', which '0' follows.
        return byResource.subMap(device + "/", device + "0").values();
    }

    /** The devices for which something is due. */
    synchronized List<String> devices() {
        Instant now = clock.instant();
        return byResource.values().stream()
                .filter(each -> each.isDue(now))
                .map(Later::device)
                .distinct()
                .toList();
    }

    synchronized int size() {
        return byResource.size();
    }

    /** It could not be done; it is tried again in half a minute, and the service is told why, once. */
    synchronized void pause(Later later, String why) {
        change(later, clock.instant().plus(PAUSE), why);
    }

    /** The device is not there to do it, of which the service is told, once. */
    synchronized void miss(Later later, String why) {
        change(later, later.notBefore(), why);
    }

    private void change(Later later, Instant notBefore, String why) {
        Later now = new Later(later.command(), later.at(), notBefore, why);
        if (byResource.replace(later.key(), later, now) && !why.equals(later.why())) {
            tell(later, State.THEN_WAITING, why);
        }
    }

    private void tell(Later later, State state, String detail) {
        Command command = later.command();
        replies.accept(command, new CommandReply(command.id(), state, detail, null, clock.instant()));
    }

    /**
     * It is done, or can never be, of which the service is told. One that was set meanwhile stays.
     *
     * @param how THEN_DONE or THEN_FAILED
     */
    synchronized void remove(Later later, State how, String detail) {
        if (byResource.remove(later.key(), later)) {
            tell(later, how, detail);
            state.remove(SPACE, later.key()).whenComplete((done, problem) -> {
                if (problem != null) {
                    LOG.warn(
                            "the write to {} is done once more after a restart: {}", later.key(), problem.getMessage());
                }
            });
        }
    }

    /** Gives up what is due for a device that has been another's for a week. */
    synchronized void giveUp(String device) {
        Instant before = clock.instant().minus(KEPT);
        for (Later each : List.copyOf(of(device))) {
            if (each.at().isBefore(before)) {
                LOG.warn(
                        "{} is not written any more: {} is no device of this gateway",
                        each.first().path(),
                        device);
                remove(each, State.THEN_FAILED, "it is no device of this gateway any more");
            }
        }
    }
}
