package city.canopy.core.registry;

import city.canopy.core.access.DeviceCredentials;
import city.canopy.core.access.Secrets;
import city.canopy.core.access.ServerKey;
import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import city.canopy.core.registry.Enrolment.Issued;
import city.canopy.core.registry.Enrolment.NewCredential;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.DeviceRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Who is enrolled. {@link #current} is an immutable snapshot in memory, swapped after each change has committed; the
 * credentials are swapped with it. Everything else blocks; any worker thread.
 */
public final class Registry {
    /** How many devices there can be. */
    public static final int MAX_DEVICES = 1_000_000;

    private static final int SHORTEST_SECRET = 8;

    private final Database database;
    private final ServerKey key;
    private final DeviceCredentials credentials;
    private final Supplier<Profiles> profiles;
    private final BiPredicate<String, String> featureExists;
    private final Clock clock;
    private volatile DeviceRegistry current = new DeviceRegistry(List.of());

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
        this.key = key;
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

    private synchronized void reload() {
        database.read(c -> {
            credentials.replace(PgDevices.credentials(c));
            current = new DeviceRegistry(PgDevices.enabled(c));
            return null;
        });
    }

    /**
     * Enrols all of these devices, or none.
     *
     * @return what was issued to each, in order; a secret is told here and never again
     * @throws RegistryException for the first one that cannot be enrolled
     */
    public List<Optional<Issued>> enrol(List<Enrolment> wishes) {
        wishes.forEach(this::check);
        Instant now = clock.instant();
        List<Optional<Issued>> issued = write(c -> {
            List<Optional<Issued>> all = new ArrayList<>();
            for (Enrolment wish : wishes) {
                PgDevices.insert(c, wish, now);
                all.add(
                        wish.credential().isPresent()
                                ? Optional.of(
                                        issue(c, wish.id(), wish.credential().get()))
                                : Optional.empty());
            }
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
    public void check(Enrolment wish) {
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
        wish.credential().ifPresent(Registry::checkCredential);
    }

    private void checkBinding(Binding binding) {
        if (binding instanceof Binding.ToFeature to && !featureExists.test(to.layer(), to.featureId())) {
            throw new RegistryException(
                    "unknown_feature", "There is no feature " + to.featureId() + " in the layer " + to.layer() + ".");
        }
    }

    private static void checkCredential(NewCredential credential) {
        Optional<String> secret = credential instanceof NewCredential.Token token
                ? token.secret()
                : credential instanceof NewCredential.Password password ? password.password() : Optional.empty();
        secret.filter(text -> text.length() < SHORTEST_SECRET || text.length() > DeviceCredentials.MAX_SECRET_BYTES / 4)
                .ifPresent(text -> {
                    throw new RegistryException(
                            "bad_secret",
                            "A secret has " + SHORTEST_SECRET + " to 128 characters; leave it out to get one.");
                });
        if (credential instanceof NewCredential.Certificate certificate
                && !certificate.fingerprint().matches("[0-9a-fA-F]{64}")) {
            throw new RegistryException(
                    "bad_certificate", "A fingerprint is the SHA-256 of the certificate, 64 hexadecimal digits.");
        }
    }

    private Issued issue(Connection c, DeviceId device, NewCredential wish) throws SQLException {
        String id = Secrets.id();
        if (wish instanceof NewCredential.Token token) {
            String secret = token.secret().orElseGet(Secrets::token);
            PgDevices.insertCredential(c, id, device, "token", null, key.digest(secret), null);
            return new Issued("token", id, Optional.empty(), Optional.of(secret));
        } else if (wish instanceof NewCredential.Password password) {
            String secret = password.password().orElseGet(Secrets::token);
            byte[] digest = key.digest(
                    password.username().getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
            PgDevices.insertCredential(c, id, device, "password", password.username(), digest, null);
            return new Issued("password", id, Optional.of(password.username()), Optional.of(secret));
        }
        NewCredential.Certificate certificate = (NewCredential.Certificate) wish;
        PgDevices.insertCredential(
                c, id, device, "x509", null, null, HexFormat.of().parseHex(certificate.fingerprint()));
        return new Issued("x509", id, Optional.empty(), Optional.empty());
    }

    /** Gives a device another credential; the ones that it had are revoked. */
    public Issued rotate(DeviceId device, NewCredential wish) {
        checkCredential(wish);
        Issued issued = write(c -> {
            Issued fresh = issue(c, device, wish);
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
