package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.lwm2m.ResourcePath;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.exception.ClientSleepingException;
import org.eclipse.leshan.core.request.exception.RequestCanceledException;
import org.eclipse.leshan.core.request.exception.SendFailedException;
import org.eclipse.leshan.core.request.exception.TimeoutException;
import org.eclipse.leshan.core.request.exception.UnconnectedPeerException;
import org.eclipse.leshan.core.response.CreateResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks devices to do commands, each once, and judges what they say: what must be on disk before the device hears of it is
 * there. Any thread; nothing blocks.
 */
final class CommandRequests {
    /** How a command ends of which nobody knows whether it was done. */
    static final String UNKNOWN = "unknown: it was sent and not answered, so the device may have done it";

    private static final Logger LOG = LoggerFactory.getLogger(CommandRequests.class);

    private final CommandLedger ledger;
    private final LaterWrites later;
    private final Duration answer;
    private volatile boolean closed;

    /** What became of a command that was asked for. */
    sealed interface Outcome {
        /**
         * It is over.
         *
         * @param detail for people; empty where there is nothing to say
         * @param value what was read; null for none
         */
        record Over(State state, String detail, Object value) implements Outcome {}

        /** It can be tried again. */
        record Unheard(String why) implements Outcome {}
    }

    /** @param answer how long a device may take to answer */
    CommandRequests(CommandLedger ledger, LaterWrites later, Duration answer) {
        this.ledger = ledger;
        this.later = later;
        this.answer = answer;
    }

    /** Asks for a command. Its outcome is told once; never after {@link #close}, where no answer came. */
    void ask(LeshanServer server, CommandLedger.Entry entry, Registration registration, Consumer<Outcome> outcome) {
        Command.LwM2m what = entry.command().lwm2m().orElseThrow();
        DownlinkDeviceManagementRequest<? extends LwM2mResponse> request;
        try {
            request = DeviceRequests.of(what, registration);
            if (what.then().isPresent()) {
                // What follows must be something that can be sent: nobody could undo the first otherwise.
                WrittenValues.node(ResourcePath.find(what.path()), LaterWrites.later(what));
            }
        } catch (RuntimeException e) {
            // The command itself: a path or value that cannot be sent.
            outcome.accept(failed(String.valueOf(e.getMessage())));
            return;
        }
        prepare(entry, what).whenComplete((done, problem) -> {
            if (problem != null) {
                outcome.accept(failed("the gateway cannot keep it: " + problem.getMessage()));
            } else {
                send(server, entry.command(), registration, request, outcome);
            }
        });
    }

    /** What must be on disk before the device hears of it. */
    private CompletableFuture<Void> prepare(CommandLedger.Entry entry, Command.LwM2m what) {
        CompletableFuture<Void> armed =
                what.then().isPresent() ? later.arm(entry.command()) : CompletableFuture.completedFuture(null);
        return what.atMostOnce() ? armed.thenCompose(done -> ledger.mark(entry)) : armed;
    }

    private <T extends LwM2mResponse> void send(
            LeshanServer server,
            Command command,
            Registration registration,
            DownlinkDeviceManagementRequest<T> request,
            Consumer<Outcome> outcome) {
        try {
            server.send(
                    registration,
                    request,
                    answer.toMillis(),
                    response -> outcome.accept(answered(command, response)),
                    problem -> unanswered(command, problem, outcome));
        } catch (RuntimeException e) {
            unanswered(command, e, outcome);
        }
    }

    private void unanswered(Command command, Exception problem, Consumer<Outcome> outcome) {
        boolean unsent = problem instanceof ClientSleepingException
                || problem instanceof SendFailedException
                || problem instanceof UnconnectedPeerException
                || problem instanceof TimeoutException timeout
                        && timeout.getType() == TimeoutException.Type.DTLS_HANDSHAKE_TIMEOUT;
        boolean silent = problem instanceof TimeoutException || problem instanceof RequestCanceledException;
        if (closed) {
            // Whoever was asked may have done it; the next start sees to it.
            LOG.debug("the answer to {} does not come any more", command.id());
        } else if (unsent) {
            outcome.accept(new Outcome.Unheard(
                    problem instanceof ClientSleepingException
                            ? "the device is asleep"
                            : "the device does not answer"));
        } else if (!silent) {
            outcome.accept(failed(String.valueOf(problem.getMessage())));
        } else if (command.lwm2m().orElseThrow().atMostOnce()) {
            outcome.accept(failed(UNKNOWN));
        } else {
            outcome.accept(new Outcome.Unheard("the device does not answer"));
        }
    }

    private Outcome answered(Command command, LwM2mResponse response) {
        if (!response.isSuccess()) {
            String why = response.getErrorMessage() == null ? "" : ": " + response.getErrorMessage();
            return failed("the device answers " + response.getCode() + why);
        }
        try {
            Object value = response instanceof ReadResponse read
                    ? DeviceRequests.value(read.getContent())
                    : response instanceof CreateResponse created ? made(command, created) : null;
            return new Outcome.Over(State.DONE, following(command), value);
        } catch (RuntimeException e) {
            // Without an outcome the device's next commands would wait for ever.
            LOG.error("the answer to the command {} cannot be read", command.id(), e);
            return failed("the device has answered, and its answer cannot be read: " + e.getMessage());
        }
    }

    /** The path of a new instance: the one that was asked for, where the device names none. */
    private static String made(Command command, CreateResponse response) {
        String named =
                response.getLocation() == null ? command.lwm2m().orElseThrow().path() : response.getLocation();
        ResourcePath path = ResourcePath.find(named);
        return path == null || path.instance() == ResourcePath.NONE ? null : path.toString();
    }

    /** What follows a write that the device has done, for people. */
    private String following(Command command) {
        return command.lwm2m()
                .flatMap(Command.LwM2m::then)
                .map(then ->
                        then.value() + " again at " + later.confirm(command).truncatedTo(ChronoUnit.SECONDS))
                .orElse("");
    }

    private static Outcome failed(String detail) {
        return new Outcome.Over(State.FAILED, detail, null);
    }

    /** What is under way is not answered any more, and is no failure. */
    void close() {
        closed = true;
    }
}
