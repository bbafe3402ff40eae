package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.command.CommandTarget;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.StateStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.queue.PresenceServiceImpl;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's door for LwM2M 1.0 and 1.1 devices: CoAP, and CoAP over DTLS with pre-shared keys and X.509. It registers
 * the devices of the {@link Directory}, keeps what they send in the {@link Inlet} before they have their answer, observes
 * what their profiles want, and passes commands on. What it must still know after a restart is in the
 * {@link StateStore}; DTLS sessions are not, devices shake hands again. Started and closed once; any thread.
 */
public final class LwM2mGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LwM2mGateway.class);
    /** CoAP's MAX_TRANSMIT_WAIT (RFC 7252, 4.8.2): from then on nothing that was sent is repeated, or answered. */
    private static final Duration ANSWER = Duration.ofSeconds(93);

    private final Directory directory;
    private final DirectorySecurity security;
    private final KeptRegistrations registrations;
    private final Presences presences;
    private final Observer observer;
    private final LwM2mCommands commands;
    private final LwM2mServer leshan;
    private final DurableSendHandler sends;
    private final RegistrationDoor door;
    private final ScheduledExecutorService work =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lwm2m-work"));

    /**
     * Opens nothing yet.
     *
     * @throws IllegalStateException when the key or certificate of the configuration cannot be used
     */
    public LwM2mGateway(
            LwM2mConfig config, Directory directory, Inlet inlet, StateStore state, Clock clock, MeterRegistry meters) {
        this(config, directory, inlet, state, clock, meters, ANSWER);
    }

    /** @param answer how long a device may take to answer a command, or a composite observation */
    LwM2mGateway(
            LwM2mConfig config,
            Directory directory,
            Inlet inlet,
            StateStore state,
            Clock clock,
            MeterRegistry meters,
            Duration answer) {
        this.directory = directory;
        LwM2mMetrics metrics = new LwM2mMetrics(meters);
        this.security = new DirectorySecurity(directory, metrics, config.maxRegistrations());
        this.registrations = new KeptRegistrations(state, clock);
        security.limit(registrations);
        metrics.registrations(registrations::size);
        this.presences = new Presences(state, clock);
        this.observer = new Observer(directory, registrations, inlet, state, metrics, answer, work);
        LaterWrites later = new LaterWrites(state, clock);
        metrics.laterWrites(later::size);
        this.commands = new LwM2mCommands(
                directory, registrations, new CommandLedger(state), later, clock, metrics, answer, work);
        this.leshan = new LwM2mServer(
                config,
                ServerIdentity.of(config, state, clock),
                registrations,
                security,
                new DeviceCertificates(directory, clock, metrics));
        this.sends = leshan.replaceSend(
                identities -> new DurableSendHandler(identities, registrations, security, inlet, this::heard, metrics));
        this.door = leshan.guard(next -> new RegistrationDoor(next, security::isOneTooMany));
        leshan.onNotification(
                (request, response) -> observer.notified(request, response).ifPresent(this::heard));
        leshan.server().getRegistrationService().addListener(new RegistrationWatch(this::heard, this::ended));
        directory.listen(changed -> later(this::directoryChanged));
    }

    /**
     * Opens the ports.
     *
     * @param replies is told of commands that were taken before the gateway was last stopped, and of what follows commands
     */
    public void start(BiConsumer<Command, CommandReply> replies) {
        directoryChanged();
        leshan.server().start();
        commands.start(leshan.server(), replies);
        observer.start(leshan.server());
        work.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        LOG.info("LwM2M devices are taken on CoAP port {} and DTLS port {}", port(), dtlsPort());
    }

    /** The port of CoAP; -1 when it is off. */
    public int port() {
        return leshan.port(Protocol.COAP);
    }

    /** The port of CoAP over DTLS; -1 when it is off. */
    public int dtlsPort() {
        return leshan.port(Protocol.COAPS);
    }

    /** The way in which commands reach devices. */
    public CommandTarget commands() {
        return commands;
    }

    /** How a device is doing; empty for one that was never heard. */
    public Optional<DeviceState> find(DeviceId device) {
        return presences.find(
                device.value(),
                registrations.getRegistrationByEndpoint(device.value()),
                leshan.server().getPresenceService());
    }

    /** How all devices are doing that were ever heard. */
    public List<DeviceState> states() {
        return presences.list(
                registrations.getAllRegistrations(), leshan.server().getPresenceService());
    }

    /** What devices refuse though their profiles want it, by device and path; the first 200. */
    public List<Refusal> refusals() {
        return observer.refusals().list();
    }

    /** How many devices refuse something. */
    public int refusing() {
        return observer.refusals().devices();
    }

    /** Does now what is otherwise done once in a while: expired commands, and readings that are missing. */
    void tickNow() {
        tick();
        observer.closeGaps();
    }

    private void tick() {
        try {
            commands.expire();
        } catch (RuntimeException e) {
            // The next tick must come; a store that fails is told by itself.
            LOG.warn("commands could not be looked through", e);
        }
    }

    private void heard(Registration registration) {
        presences.heard(registration.getEndpoint());
        if (registration.usesQueueMode()
                && leshan.server().getPresenceService() instanceof PresenceServiceImpl presence) {
            presence.setAwake(registration);
        }
        commands.drain(registration.getEndpoint());
        observer.check(registration);
    }

    private void ended(Registration registration, DeviceState.Presence how) {
        presences.ended(registration.getEndpoint(), how);
        observer.forget(registration.getEndpoint());
    }

    /** Devices that may not be here any more are put out; for the others what is observed may have changed. */
    private void directoryChanged() {
        registrations.getAllRegistrations().forEachRemaining(registration -> {
            String endpoint = registration.getEndpoint();
            if (security.refusal(endpoint, registration.getClientTransportData())
                    .isPresent()) {
                registrations.removeRegistration(registration.getId());
                observer.forget(endpoint);
            } else if (leshan.isStarted()) {
                observer.check(registration);
            }
        });
        for (DeviceState state : states()) {
            if (directory.find(state.device()).isEmpty()) {
                presences.forget(state.device().value());
            }
        }
    }

    private void later(Runnable task) {
        try {
            work.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: the next start looks at everything anyway.
            LOG.debug("the LwM2M door is closed");
        }
    }

    /** Takes nothing any more, answers what it has taken, and closes the ports; devices stay registered. */
    @Override
    public void close() {
        door.close();
        sends.close();
        work.shutdownNow();
        commands.close();
        leshan.close();
    }
}
