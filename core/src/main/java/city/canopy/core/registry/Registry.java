package city.canopy.core.registry;

import city.canopy.core.access.DeviceCredentials;
import city.canopy.core.access.ServerKey;
import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.core.registry.Enrolment.Issued;
import city.canopy.core.registry.Enrolment.NewCredential;
import city.canopy.devices.envelope.GatewayConfigurationJson;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.DeviceRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who is enrolled. {@link #current} is an immutable snapshot in memory, swapped after each change has committed; the
 * credentials are swapped with it. Everything else blocks; any worker thread.
 */
public final class Registry {
    /** How many devices there can be. */
    public static final int MAX_DEVICES = 1_000_000;

    private final Database database;
    private final CredentialIssue issuing;
    private final DeviceCredentials credentials;
    private final Supplier<Profiles> profiles;
    private final BiPredicate<String, String> featureExists;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile DeviceRegistry current = new DeviceRegistry(List.of());
    private volatile Map<DeviceId, Integer> gateways = Map.of();

    /** Rows that neighbours keep beside a device, written in the transaction that changes it. */
    @FunctionalInterface
    public interface Beside {
        void write(Connection c) throws SQLException;
    }

    /**
     * Loads all devices and credentials.
     *
     * @param profiles the device profiles, as they stand
     * @param featureExists whether a layer has a feature of this id
     */
    public Registry(
            Database database,
            ServerKey key,
            DeviceCredentials credentials,
            Supplier<Profiles> profiles,
            BiPredicate<String, String> featureExists,
            Clock clock) {
        this.database = database;
        this.issuing = new CredentialIssue(key);
        this.credentials = credentials;
        this.profiles = profiles;
        this.featureExists = featureExists;
        this.clock = clock;
        reload();
    }

    /** Who is enrolled now. Any thread; never blocks. */
    public DeviceRegistry current() {
        return current;
    }

    /** Is called after each change has committed, on the thread that made it; must return at once. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    private void reload() {
        load();
        listeners.forEach(Runnable::run);
    }

    private synchronized void load() {
        database.read(c -> {
            credentials.replace(PgDevices.credentials(c));
            current = new DeviceRegistry(PgDevices.enabled(c));
            gateways = PgDevices.gateways(c);
            return null;
        });
    }

    /** Changes what stands beside the devices, such as gateways' certificates, and takes up what it now says. */
    public void change(Beside beside) {
        write(c -> {
            beside.write(c);
            return null;
        });
        reload();
    }

    /**
     * Enrols all of these devices, or none.
     *
     * @return what was issued to each, in order; a secret is told here and never again
     * @throws RegistryException for the first one that cannot be enrolled
     */
    public List<Optional<Issued>> enrol(List<Enrolment> wishes) {
        return enrol(wishes, c -> {});
    }

    /** The same, with rows beside the devices. */
    public List<Optional<Issued>> enrol(List<Enrolment> wishes, Beside beside) {
        List<Enrolment> resolved = wishes.stream().map(this::resolve).toList();
        resolved.forEach(this::check);
        resolved.stream()
                .flatMap(wish -> wish.gateway().stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .forEach((gateway, more) -> checkRoom(gateway, more.intValue()));
        Instant now = clock.instant();
        List<Optional<Issued>> issued = write(c -> {
            List<Optional<Issued>> all = new ArrayList<>();
            for (Enrolment wish : resolved) {
                PgDevices.insert(c, wish, now);
                all.add(
                        wish.credential().isPresent()
                                ? Optional.of(issuing.issue(
                                        c,
                                        wish.id(),
                                        wish.gateway().isPresent(),
                                        wish.credential().get()))
                                : Optional.empty());
            }
            beside.write(c);
            return all;
        });
        reload();
        return issued;
    }

    /**
     * Whether a device could be enrolled like this.
     *
     * @throws RegistryException when not
     */
    public void check(Enrolment asked) {
        Enrolment wish = resolve(asked);
        if (current.size() >= MAX_DEVICES) {
            throw new RegistryException("too_many", "There are " + MAX_DEVICES + " devices already.");
        }
        if (profiles.get().find(wish.profile()).isEmpty()) {
            throw new RegistryException(
                    "unknown_profile", "No pack brings the profile \"" + wish.profile() + "\"; see /api/v1/packs.");
        }
        if (current.find(wish.id()).isPresent()) {
            throw new RegistryException(
                    "already_enrolled", "A device " + wish.id() + " is enrolled already; change it with PATCH.");
        }
        checkBinding(wish.binding());
        wish.gateway().ifPresent(this::checkGateway);
        wish.credential().ifPresent(CredentialIssue::check);
    }

    /** A pre-shared key is for a gateway's door: where no gateway is named, the only one is meant. */
    private Enrolment resolve(Enrolment wish) {
        if (wish.gateway().isPresent()
                || wish.credential().filter(NewCredential.Psk.class::isInstance).isEmpty()) {
            return wish;
        }
        return wish.behind(onlyGateway());
    }

    private DeviceId onlyGateway() {
        Map<DeviceId, Integer> known = gateways;
        if (known.size() == 1) {
            return known.keySet().iterator().next();
        }
        throw new RegistryException(
                "gateway_needed",
                known.isEmpty()
                        ? "A pre-shared key is for a device behind a gateway, and there is none: make one with"
                                + " POST /api/v1/gateways."
                        : "A pre-shared key is for a device behind a gateway: say which of the " + known.size()
                                + " with \"gateway\"; see /api/v1/gateways.");
    }

    private void checkGateway(DeviceId gateway) {
        if (!gateways.containsKey(gateway)) {
            throw new RegistryException(
                    "unknown_gateway",
                    "There is no gateway " + gateway + "; make it with POST /api/v1/gateways, or see there.");
        }
    }

    private void checkRoom(DeviceId gateway, int more) {
        if (gateways.getOrDefault(gateway, 0) + more > GatewayConfigurationJson.MAX_DEVICES) {
            throw new RegistryException(
                    "gateway_full",
                    "A gateway has at most " + GatewayConfigurationJson.MAX_DEVICES + " devices: name another.");
        }
    }

    private void checkBinding(Binding binding) {
        if (binding instanceof Binding.ToFeature to && !featureExists.test(to.layer(), to.featureId())) {
            throw new RegistryException(
                    "unknown_feature", "There is no feature " + to.featureId() + " in the layer " + to.layer() + ".");
        }
    }

    /** Gives a device another credential; the ones that it had are revoked. */
    public Issued rotate(DeviceId device, NewCredential wish) {
        CredentialIssue.check(wish);
        boolean behind = find(device).map(row -> row.device().gateway() != null).orElse(false);
        if (!behind && wish instanceof NewCredential.Psk) {
            throw new RegistryException(
                    "gateway_needed",
                    "A pre-shared key is for a device behind a gateway: move it there first, by PATCH with"
                            + " \"gateway\".");
        }
        Issued issued = write(c -> {
            Issued fresh = issuing.issue(c, device, behind, wish);
            PgDevices.revokeCredentials(c, device, fresh.credentialId(), clock.instant());
            return fresh;
        });
        reload();
        return issued;
    }

    /** Binds a device to something else; readings measured from now on are about that. */
    public void rebind(DeviceId device, Binding binding) {
        checkBinding(binding);
        write(c -> {
            PgDevices.insertBinding(c, device, binding, clock.instant());
            return null;
        });
        reload();
    }

    /**
     * Puts a device behind a gateway, or before the service's own doors. The gateway knows a token or password only when
     * that is issued afterwards; see {@link DeviceRow#needsCredential}.
     *
     * @param gateway empty for none
     */
    public void move(DeviceId device, Optional<DeviceId> gateway) {
        gateway.ifPresent(this::checkGateway);
        if (gateways.containsKey(device) && gateway.isPresent()) {
            throw new RegistryException("is_gateway", "A gateway is not behind another gateway.");
        }
        gateway.ifPresent(named -> checkRoom(named, 1));
        write(c -> {
            PgDevices.move(c, device, gateway);
            return null;
        });
        reload();
    }

    /** Changes its name, or takes it out of service; a disabled device cannot log in. */
    public void update(DeviceId device, Optional<String> name, boolean disabled) {
        write(c -> {
            PgDevices.update(c, device, name, disabled);
            return null;
        });
        reload();
    }

    /**
     * Removes a device that has never said anything.
     *
     * @throws RegistryException when it has readings: disable it instead
     */
    public void remove(DeviceId device) {
        if (gateways.getOrDefault(device, 0) > 0) {
            throw new RegistryException(
                    "has_devices", "There are devices behind the gateway " + device + ": move them elsewhere first.");
        }
        write(c -> {
            if (PgDevices.hasReadings(c, device)) {
                throw new RegistryException(
                        "has_readings", "The device " + device + " has readings; disable it instead of removing it.");
            }
            PgDevices.delete(c, device);
            return null;
        });
        reload();
    }

    public Optional<DeviceRow> find(DeviceId device) {
        return database.read(c -> PgDevices.find(c, device));
    }

    /** Devices in order of their ids, those after {@code after}. */
    public List<DeviceRow> list(DeviceFilter filter, String after, int limit) {
        return database.read(c -> PgDevices.page(c, filter, after, limit));
    }

    private <T> T write(Database.Work<T> work) {
        try {
            return database.inTransaction(work);
        } catch (DatabaseException e) {
            if ("23505".equals(e.sqlState())) {
                throw new RegistryException(
                        "already_taken", "The device's id, token, user name or certificate is in use already.");
            }
            throw e;
        }
    }
}
