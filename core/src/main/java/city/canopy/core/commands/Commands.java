package city.canopy.core.commands;

import city.canopy.core.db.Database;
import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices are asked to do. A command stands in the table before it is sent; it is sent to who listens, and to who
 * subscribes later, until there is a final reply or its time is over. Its id is known to the receiver, so that twice is
 * once.
 *
 * <p>Everything but {@link #close} blocks; any worker thread.
 */
public final class Commands implements AutoCloseable {
    /** How many commands of one device can be open. */
    public static final int MAX_OPEN = 32;
    /** For how long commands that are over are kept. */
    public static final Duration KEPT = Duration.ofDays(400);

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    /** How many a subscriber is told at once; it hears of the rest when these are done. */
    private static final int MOST_AT_ONCE = 500;

    private static final int BATCH = 1_000;

    private final Database database;
    private final Supplier<DeviceRegistry> registry;
    private final CommandCatalog catalog;
    private final CommandOutlet outlet;
    private final Runnable announce;
    private final Clock clock;
    private final ExecutorService marking = Executors.newSingleThreadExecutor(task -> new Thread(task, "commands"));

    /** @param announce is called when an event stands in the outbox */
    public Commands(
            Database database,
            Supplier<DeviceRegistry> registry,
            CommandCatalog catalog,
            CommandOutlet outlet,
            Runnable announce,
            Clock clock) {
        this.database = database;
        this.registry = registry;
        this.catalog = catalog;
        this.outlet = outlet;
        this.announce = announce;
        this.clock = clock;
    }

    /**
     * Gives a command.
     *
     * @param by who, as {@code user:ID}
     * @throws CommandException when the device is disabled or has {@value #MAX_OPEN} open ones, or the profile knows no
     *     such command or parameter
     */
    public IssuedCommand give(DeviceId id, CommandWish wish, String by) {
        Device device = registry.get()
                .find(id)
                .orElseThrow(() -> new CommandException(
                        "disabled", "The device " + id + " is disabled: put it into service first."));
        Instant now = clock.instant();
        Command command = command(device, wish, now.plus(wish.expiresIn()));
        if (CommandJson.write(command).length > CommandJson.MAX_BYTES) {
            throw new CommandException("too_large", "A command has at most " + CommandJson.MAX_BYTES + " bytes.");
        }
        database.inTransaction(c -> {
            if (PgCommands.countOpen(c, id) >= MAX_OPEN) {
                throw new CommandException(
                        "too_many",
                        "The device " + id + " has " + MAX_OPEN
                                + " open commands: wait for its replies, or cancel some that were not sent.");
            }
            PgCommands.insert(c, command, by, now);
            return null;
        });
        announce.run();
        IssuedCommand issued = get(id, command.id());
        send(device, issued);
        return issued;
    }

    private Command command(Device device, CommandWish wish, Instant expires) {
        String id = "c-" + UUID.randomUUID();
        if (wish instanceof CommandWish.Raw raw) {
            String name = "lwm2m_" + raw.lwm2m().operation().name().toLowerCase(Locale.ROOT);
            return new Command(id, device.id(), name, Map.of(), Optional.of(raw.lwm2m()), expires);
        }
        CommandWish.Named named = (CommandWish.Named) wish;
        List<CommandSpec> known = catalog.list(device.profile());
        if (known.isEmpty()) {
            return new Command(id, device.id(), named.name(), named.parameters(), Optional.empty(), expires);
        }
        CommandSpec spec = catalog.find(device.profile(), named.name())
                .orElseThrow(() -> new CommandException(
                        "unknown_command",
                        "Devices of the profile " + device.profile() + " know no command \"" + named.name()
                                + "\"; they know: "
                                + String.join(
                                        ", ",
                                        known.stream().map(CommandSpec::name).toList()) + "."));
        Map<String, Object> parameters = spec.complete(named.parameters());
        LwM2m lwm2m = spec.operation(parameters);
        return new Command(id, device.id(), named.name(), parameters, Optional.of(lwm2m), expires);
    }

    private void send(Device device, IssuedCommand issued) {
        outlet.send(device, issued, () -> mark(issued.command().id()));
    }

    private void mark(String id) {
        try {
            marking.execute(() -> {
                try {
                    sent(List.of(id));
                } catch (RuntimeException e) {
                    // It is sent again, and marked then.
                    LOG.warn("that the command {} was sent could not be written down: {}", id, e.getMessage());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the service stops; the command {} is sent again after the start", id);
        }
    }

    private void sent(List<String> ids) {
        database.inTransaction(c -> {
            PgCommands.sent(c, ids, clock.instant());
            return null;
        });
        announce.run();
    }

    /** What a device that subscribes to its commands is told. */
    public List<IssuedCommand> openOf(DeviceId device) {
        return hand(database.read(c -> PgCommands.openOf(c, device, clock.instant(), MOST_AT_ONCE)));
    }

    /** What a gateway that subscribes to its commands is told, the oldest first. */
    public List<IssuedCommand> openBehind(DeviceId gateway) {
        return hand(database.read(c -> PgCommands.openBehind(c, gateway, clock.instant(), MOST_AT_ONCE)));
    }

    /** Writes down that they are sent before they are: nobody can cancel what may be under way. */
    private List<IssuedCommand> hand(List<IssuedCommand> open) {
        if (!open.isEmpty()) {
            sent(open.stream().map(issued -> issued.command().id()).toList());
        }
        return open;
    }

    /**
     * What is due: commands whose time is over expire, those that nobody has taken are offered again, and old ones that
     * are over are dropped.
     */
    public void run() {
        Instant now = clock.instant();
        int expired;
        do {
            expired = database.inTransaction(c -> PgCommands.expire(c, now, BATCH));
            if (expired > 0) {
                announce.run();
            }
        } while (expired == BATCH);
        for (IssuedCommand queued : database.read(c -> PgCommands.queued(c, now, MOST_AT_ONCE))) {
            registry.get().find(queued.command().device()).ifPresent(device -> send(device, queued));
        }
        database.inTransaction(c -> PgCommands.dropBefore(c, now.minus(KEPT), BATCH));
    }

    /**
     * Takes a command back.
     *
     * @throws CommandException when it was sent already, or is over
     */
    public IssuedCommand cancel(DeviceId device, String id) {
        boolean cancelled = database.inTransaction(c -> PgCommands.cancel(c, device, id));
        IssuedCommand now = get(device, id);
        if (!cancelled) {
            throw new CommandException(
                    now.state().isFinal() ? "already_over" : "already_sent",
                    now.state().isFinal()
                            ? "The command is over: " + now.state().wire() + "."
                            : "The command was sent already and cannot be taken back; it ends by itself at "
                                    + now.command().expiresAt() + ".");
        }
        announce.run();
        return now;
    }

    public Optional<IssuedCommand> find(DeviceId device, String id) {
        return database.read(c -> PgCommands.find(c, device, id));
    }

    /** @throws CommandException {@code unknown} when the device was never given it */
    public IssuedCommand get(DeviceId device, String id) {
        return find(device, id)
                .orElseThrow(
                        () -> new CommandException("unknown", "The device " + device + " has no command " + id + "."));
    }

    /**
     * A device's commands, the newest first.
     *
     * @param before the {@code seq} of the last of the page before
     */
    public List<IssuedCommand> list(DeviceId device, long before, int limit) {
        return database.read(c -> PgCommands.page(c, device, before, limit));
    }

    /** What devices of this profile can be asked to do. */
    public List<CommandSpec> offered(String profile) {
        return catalog.list(profile);
    }

    @Override
    public void close() {
        marking.shutdown();
        try {
            if (!marking.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS)) {
                marking.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
