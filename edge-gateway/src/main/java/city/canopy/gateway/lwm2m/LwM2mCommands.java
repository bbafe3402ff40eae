package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.command.CommandTarget;
import city.canopy.gateway.config.Directory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands to LwM2M devices: one at a time for each device, in the order in which they came. What a device that sleeps or
 * is not registered should do waits, at most {@value #MAX_WAITING} commands of a device, until it is heard or the command
 * expires. One that does not answer is asked again, so a device whose answer was lost may be asked twice; one that is
 * finished is not done again, nor is one that is done at most once and may have been. What follows a write
 * ({@link LaterWrites}) goes before all that waits. Any thread; nothing blocks.
 */
public final class LwM2mCommands implements CommandTarget {
    /** The most commands that wait for one device. */
    public static final int MAX_WAITING = 32;

    private static final Logger LOG = LoggerFactory.getLogger(LwM2mCommands.class);
    private static final long AGAIN_SECONDS = 30;

    private final Directory directory;
    private final KeptRegistrations registrations;
    private final CommandLedger ledger;
    private final LaterWrites later;
    private final LaterRequests laterRequests;
    private final CommandRequests requests;
    private final Clock clock;
    private final LwM2mMetrics metrics;
    private final ScheduledExecutorService work;
    /** All guarded by this. */
    private final Map<String, Deque<Waiting>> byDevice = new HashMap<>();

    private final Map<String, Waiting> byId = new HashMap<>();
    /** Devices that are being asked for what follows an earlier write. */
    private final Set<String> following = new HashSet<>();

    private final PriorityQueue<Waiting> byExpiry = new PriorityQueue<>(
            Comparator.comparing(waiting -> waiting.entry.command().expiresAt()));
    private LeshanServer server;

    /** A command and who asks for it. */
    private static final class Waiting {
        private final CommandLedger.Entry entry;
        private Consumer<CommandReply> replies;
        private boolean kept;
        private boolean asked;
        private boolean told;

        Waiting(CommandLedger.Entry entry, Consumer<CommandReply> replies) {
            this.entry = entry;
            this.replies = replies;
        }
    }

    /** @param answer how long a device may take to answer */
    LwM2mCommands(
            Directory directory,
            KeptRegistrations registrations,
            CommandLedger ledger,
            LaterWrites later,
            Clock clock,
            LwM2mMetrics metrics,
            Duration answer,
            ScheduledExecutorService work) {
        this.directory = directory;
        this.registrations = registrations;
        this.ledger = ledger;
        this.later = later;
        this.laterRequests = new LaterRequests(later, metrics, answer, this::followed);
        this.requests = new CommandRequests(ledger, later, answer);
        this.clock = clock;
        this.metrics = metrics;
        this.work = work;
    }

    /**
     * From now on devices can be asked.
     *
     * @param replies is told of the commands that waited when the gateway was last stopped, and of what follows commands
     */
    void start(LeshanServer server, BiConsumer<Command, CommandReply> replies) {
        this.server = server;
        later.start(replies);
        List<Waiting> maybeDone = new ArrayList<>();
        for (CommandLedger.Entry entry : ledger.load()) {
            Waiting waiting = new Waiting(entry, reply -> replies.accept(entry.command(), reply));
            waiting.kept = true;
            waiting.told = true;
            waiting.asked = ledger.isMarked(entry);
            add(waiting);
            if (waiting.asked) {
                maybeDone.add(waiting);
            }
        }
        maybeDone.forEach(waiting -> finish(waiting, State.FAILED, CommandRequests.UNKNOWN, null));
        expire();
        List<String> devices;
        synchronized (this) {
            devices = new ArrayList<>(byDevice.keySet());
        }
        devices.forEach(this::drain);
    }

    @Override
    public boolean reaches(Command command) {
        return command.lwm2m().isPresent() && directory.find(command.device()).isPresent();
    }

    @Override
    public void send(Command command, Consumer<CommandReply> replies) {
        Optional<CommandReply> before = ledger.outcome(command.id());
        if (before.isPresent()) {
            replies.accept(before.get());
            return;
        }
        Optional<CommandReply> refused = refusal(command);
        if (refused.isPresent()) {
            metrics.command(refused.get().state());
            replies.accept(refused.get());
            return;
        }
        Waiting waiting = enter(command, replies);
        if (waiting == null) {
            CommandReply full =
                    reply(command, State.FAILED, MAX_WAITING + " commands wait for the device already", null);
            metrics.command(full.state());
            replies.accept(full);
        } else if (!waiting.kept) {
            ledger.keep(waiting.entry).whenComplete((done, problem) -> kept(waiting, problem));
        }
    }

    private Optional<CommandReply> refusal(Command command) {
        if (!reaches(command)) {
            return Optional.of(
                    reply(command, State.FAILED, "it is no command for a LwM2M device of this gateway", null));
        }
        return command.expiresAt().isAfter(clock.instant())
                ? Optional.empty()
                : Optional.of(reply(command, State.EXPIRED, "it came too late", null));
    }

    /** The new command, or the one of the same id that waits; null where too many do. */
    private synchronized Waiting enter(Command command, Consumer<CommandReply> replies) {
        Waiting same = byId.get(command.id());
        if (same != null) {
            same.replies = replies;
            return same;
        }
        Deque<Waiting> queue = byDevice.get(command.device().value());
        if (queue != null && queue.size() >= MAX_WAITING) {
            return null;
        }
        Waiting waiting = new Waiting(ledger.enter(command), replies);
        add(waiting);
        return waiting;
    }

    private synchronized void add(Waiting waiting) {
        Command command = waiting.entry.command();
        byId.put(command.id(), waiting);
        byExpiry.add(waiting);
        byDevice.computeIfAbsent(command.device().value(), each -> new ArrayDeque<>())
                .add(waiting);
    }

    private void kept(Waiting waiting, Throwable problem) {
        if (problem != null) {
            finish(waiting, State.FAILED, "the gateway cannot keep it: " + problem.getMessage(), null);
            return;
        }
        synchronized (this) {
            waiting.kept = true;
        }
        drain(waiting.entry.command().device().value());
    }

    /** A device has been heard: what waits for it is done. Cheap where nothing does. */
    void drain(String endpoint) {
        Waiting first;
        Optional<LaterWrites.Later> due;
        Registration registration;
        synchronized (this) {
            Deque<Waiting> queue = byDevice.get(endpoint);
            first = queue == null ? null : queue.peek();
            due = later.due(endpoint);
            boolean nothing = due.isEmpty() && (first == null || !first.kept);
            if (nothing || server == null || first != null && first.asked || following.contains(endpoint)) {
                return;
            }
            registration = registrations.getRegistrationByEndpoint(endpoint);
            if (due.isPresent() && !isThere(registration)) {
                later.miss(due.get(), registration == null ? "the device is not registered" : "the device is asleep");
                due = Optional.empty();
            }
            if (due.isPresent()) {
                following.add(endpoint);
            } else if (first == null || !first.kept) {
                return;
            } else {
                first.asked = true;
            }
        }
        if (due.isPresent()) {
            laterRequests.ask(server, due.get(), registration);
        } else {
            drain(first, registration);
        }
    }

    private boolean isThere(Registration registration) {
        return registration != null
                && (!registration.usesQueueMode() || server.getPresenceService().isClientAwake(registration));
    }

    private void drain(Waiting first, Registration registration) {
        if (!first.entry.command().expiresAt().isAfter(clock.instant())) {
            finish(first, State.EXPIRED, "the device was not heard in time", null);
        } else if (registration == null) {
            wait(first, "the device is not registered");
        } else if (!isThere(registration)) {
            wait(first, "the device is asleep");
        } else {
            requests.ask(server, first.entry, registration, outcome -> asked(first, outcome));
        }
    }

    private void asked(Waiting waiting, CommandRequests.Outcome outcome) {
        if (outcome instanceof CommandRequests.Outcome.Over over) {
            finish(waiting, over.state(), over.detail(), over.value());
        } else if (outcome instanceof CommandRequests.Outcome.Unheard unheard) {
            wait(waiting, unheard.why());
            again(waiting.entry.command().device().value());
        }
    }

    private void followed(String endpoint) {
        synchronized (this) {
            following.remove(endpoint);
        }
        drain(endpoint);
    }

    private void wait(Waiting waiting, String why) {
        Consumer<CommandReply> replies;
        synchronized (this) {
            waiting.asked = false;
            replies = waiting.told ? null : waiting.replies;
            waiting.told = true;
        }
        if (replies != null) {
            metrics.command(State.WAITING);
            replies.accept(reply(waiting.entry.command(), State.WAITING, why, null));
        }
    }

    private void again(String endpoint) {
        try {
            work.schedule(() -> drain(endpoint), AGAIN_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            // The gateway stops; what waits is tried at its next start.
            LOG.debug("commands wait for the next start");
        }
    }

    private void finish(Waiting waiting, State state, String detail, Object value) {
        Command command = waiting.entry.command();
        CommandReply reply = reply(command, state, detail, value);
        metrics.command(state);
        ledger.finish(waiting.entry, reply).whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("the outcome of the command {} could not be kept: {}", command.id(), problem.getMessage());
            }
            Consumer<CommandReply> replies;
            synchronized (this) {
                Deque<Waiting> queue = byDevice.get(command.device().value());
                queue.remove(waiting);
                if (queue.isEmpty()) {
                    byDevice.remove(command.device().value());
                }
                byId.remove(command.id());
                byExpiry.remove(waiting);
                replies = waiting.replies;
            }
            replies.accept(reply);
            drain(command.device().value());
        });
    }

    /** What is under way is not answered any more, and is no failure. */
    void close() {
        requests.close();
    }

    /** Ends what nobody has done in time, and does what follows earlier writes. Called about once a second. */
    void expire() {
        Instant now = clock.instant();
        List<Waiting> expired = new ArrayList<>();
        synchronized (this) {
            List<Waiting> inFlight = new ArrayList<>();
            while (!byExpiry.isEmpty()
                    && !byExpiry.peek().entry.command().expiresAt().isAfter(now)) {
                Waiting waiting = byExpiry.poll();
                if (waiting.asked || !waiting.kept) {
                    inFlight.add(waiting);
                } else {
                    waiting.asked = true;
                    expired.add(waiting);
                }
            }
            byExpiry.addAll(inFlight);
        }
        expired.forEach(waiting -> finish(waiting, State.EXPIRED, "the device was not heard in time", null));
        ledger.prune(now);
        for (String device : later.devices()) {
            if (directory.find(new DeviceId(device)).isEmpty()) {
                later.giveUp(device);
            }
            drain(device);
        }
    }

    private CommandReply reply(Command command, State state, String detail, Object value) {
        return new CommandReply(command.id(), state, detail, value, clock.instant());
    }
}
