package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.gateway.store.StateStore;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which commands wait, in the order in which they came, and which are done with: kept over a restart. A finished one is
 * remembered until it expires; from then on nobody would do it anyway. Any thread.
 */
final class CommandLedger {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLedger.class);
    private static final String WAITING = "lwm2m.commands";
    private static final String DONE = "lwm2m.commands.done";
    private static final String ASKED = "lwm2m.commands.asked";
    private static final byte[] MARK = {1};

    private final StateStore state;
    private final AtomicLong last = new AtomicLong();
    private final Map<String, Finished> finished = new ConcurrentHashMap<>();

    private record Finished(CommandReply reply, Instant until) {}

    /**
     * A command that waits.
     *
     * @param name its name in the store; sorts by arrival
     */
    record Entry(String name, Command command) {}

    CommandLedger(StateStore state) {
        this.state = state;
        state.list(DONE).forEach((id, bytes) -> {
            try {
                Instant until = Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong());
                byte[] reply = java.util.Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
                finished.put(id, new Finished(CommandJson.reply(id, reply, until), until));
            } catch (CommandException | java.nio.BufferUnderflowException | IllegalArgumentException e) {
                LOG.warn("the outcome of the command {} cannot be read: {}", id, e.getMessage());
            }
        });
    }

    /** What waited when the gateway was last stopped, in the order of arrival; without what was finished at that moment. */
    List<Entry> load() {
        List<Entry> entries = new ArrayList<>();
        new TreeMap<>(state.list(WAITING)).forEach((name, bytes) -> {
            try {
                Entry entry = new Entry(name, CommandJson.command(bytes));
                last.accumulateAndGet(Long.parseLong(name), Math::max);
                if (finished.containsKey(entry.command().id())) {
                    report(
                            state.remove(WAITING, name),
                            "the command " + entry.command().id() + " stays in the store");
                } else {
                    entries.add(entry);
                }
            } catch (CommandException | NumberFormatException e) {
                LOG.warn("a command that waited cannot be read: {}", e.getMessage());
            }
        });
        return entries;
    }

    /** A command that is done at most once goes out. Completes when that is on disk. */
    CompletableFuture<Void> mark(Entry entry) {
        return state.put(ASKED, entry.command().id(), MARK);
    }

    /** Whether such a command went out already, so that it may have been done. */
    boolean isMarked(Entry entry) {
        return state.find(ASKED, entry.command().id()).isPresent();
    }

    private static void report(CompletableFuture<Void> written, String otherwise) {
        written.whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("{}: {}", otherwise, problem.getMessage());
            }
        });
    }

    /** A place for a new command; it is kept by {@link #keep}. */
    Entry enter(Command command) {
        return new Entry(String.format("%019d", last.incrementAndGet()), command);
    }

    CompletableFuture<Void> keep(Entry entry) {
        return state.put(WAITING, entry.name(), CommandJson.write(entry.command()));
    }

    /** How a command ended before; empty for one that has not. */
    Optional<CommandReply> outcome(String id) {
        return Optional.ofNullable(finished.get(id)).map(Finished::reply);
    }

    /** It is done with. Completes when that is on disk. */
    CompletableFuture<Void> finish(Entry entry, CommandReply reply) {
        Instant until = entry.command().expiresAt();
        finished.put(reply.command(), new Finished(reply, until));
        byte[] json = CommandJson.write(reply);
        byte[] value = ByteBuffer.allocate(Long.BYTES + json.length)
                .putLong(until.toEpochMilli())
                .put(json)
                .array();
        return state.put(DONE, reply.command(), value)
                .thenCompose(done -> state.remove(WAITING, entry.name()))
                .thenCompose(done -> state.remove(ASKED, reply.command()));
    }

    /** Forgets the outcomes of commands that have expired. */
    void prune(Instant now) {
        finished.forEach((id, each) -> {
            if (each.until().isBefore(now) && finished.remove(id, each)) {
                report(state.remove(DONE, id), "the outcome of the command " + id + " stays");
                report(state.remove(ASKED, id), "the mark of the command " + id + " stays");
            }
        });
    }
}
