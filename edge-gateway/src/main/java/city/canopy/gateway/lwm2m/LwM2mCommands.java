package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.gateway.command.CommandTarget;
import city.canopy.gateway.config.Directory;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.exception.ClientSleepingException;
import org.eclipse.leshan.core.request.exception.SendFailedException;
import org.eclipse.leshan.core.request.exception.TimeoutException;
import org.eclipse.leshan.core.request.exception.UnconnectedPeerException;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands to LwM2M devices: one at a time for each device, in the order in which they came. What a device that sleeps or
 * is not registered should do waits, at most {@value #MAX_WAITING} commands of a device, until it is heard or the command
 * expires. One that does not answer is asked again, so a device whose answer was lost may be asked twice; one that is
 * finished is not done again. Any thread; nothing blocks.
 */
public final class LwM2mCommands implements CommandTarget {
    /** The most commands that wait for one device. */
    public static final int MAX_WAITING = 32;

    private static final Logger LOG = LoggerFactory.getLogger(LwM2mCommands.class);
    private static final long ANSWER_MILLIS = 60_000;
    private static final long AGAIN_SECONDS = 30;

    private final Directory directory;
    private final KeptRegistrations registrations;
    private final CommandLedger ledger;
    private final Clock clock;
    private final LwM2mMetrics metrics;
    private final ScheduledExecutorService work;
    /** All guarded by this. */
    private final Map<String, Deque<Waiting>> byDevice = new HashMap<>();

    private final Map<String, Waiting> byId = new HashMap<>();
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

    LwM2mCommands(
            Directory directory,
            KeptRegistrations registrations,
            CommandLedger ledger,
            Clock clock,
            LwM2mMetrics metrics,
            ScheduledExecutorService work) {
        this.directory = directory;
        this.registrations = registrations;
        this.ledger = ledger;
        this.clock = clock;
        this.metrics = metrics;
        this.work = work;
    }

    /**
     * From now on devices can be asked.
     *
     * @param replies is told of the commands that waited when the gateway was last stopped
     */
    void start(LeshanServer server, BiConsumer<Command, CommandReply> replies) {
        this.server = server;
        for (CommandLedger.Entry entry : ledger.load()) {
            Waiting waiting = new Waiting(entry, reply -> replies.accept(entry.command(), reply));
            waiting.kept = true;
            waiting.told = true;
            add(waiting);
        }
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
        synchronized (this) {
            Deque<Waiting> queue = byDevice.get(endpoint);
            first = queue == null ? null : queue.peek();
            if (first == null || first.asked || !first.kept || server == null) {
                return;
            }
            first.asked = true;
        }
        Command command = first.entry.command();
        Registration registration = registrations.getRegistrationByEndpoint(endpoint);
        if (!command.expiresAt().isAfter(clock.instant())) {
            finish(first, State.EXPIRED, "the device was not heard in time", null);
        } else if (registration == null) {
            wait(first, "the device is not registered");
        } else if (registration.usesQueueMode() && !server.getPresenceService().isClientAwake(registration)) {
            wait(first, "the device is asleep");
        } else {
            ask(first, registration);
        }
    }

    private void ask(Waiting waiting, Registration registration) {
        try {
            ask(
                    waiting,
                    registration,
                    DeviceRequests.of(waiting.entry.command().lwm2m().orElseThrow(), registration));
        } catch (ClientSleepingException e) {
            wait(waiting, "the device is asleep");
        } catch (RuntimeException e) {
            // The command itself: a path or value that cannot be sent.
            finish(waiting, State.FAILED, String.valueOf(e.getMessage()), null);
        }
    }

    private <T extends LwM2mResponse> void ask(
            Waiting waiting, Registration registration, DownlinkDeviceManagementRequest<T> request) {
        server.send(registration, request, ANSWER_MILLIS, response -> answered(waiting, response), problem -> {
            if (problem instanceof TimeoutException
                    || problem instanceof ClientSleepingException
                    || problem instanceof SendFailedException
                    || problem instanceof UnconnectedPeerException) {
                wait(waiting, "the device does not answer");
                again(registration.getEndpoint());
            } else {
                finish(waiting, State.FAILED, String.valueOf(problem.getMessage()), null);
            }
        });
    }

    private void answered(Waiting waiting, LwM2mResponse response) {
        if (!response.isSuccess()) {
            String why = response.getErrorMessage() == null ? "" : ": " + response.getErrorMessage();
            finish(waiting, State.FAILED, "the device answers " + response.getCode() + why, null);
        } else {
            Object value = response instanceof ReadResponse read ? DeviceRequests.value(read.getContent()) : null;
            finish(waiting, State.DONE, "", value);
        }
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

    /** Ends what nobody has done in time. Called about once a second. */
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
    }

    private CommandReply reply(Command command, State state, String detail, Object value) {
        return new CommandReply(command.id(), state, detail, value, clock.instant());
    }
}
