package city.canopy.core.gateways;

import city.canopy.core.access.ServerKey;
import city.canopy.core.announce.Publisher;
import city.canopy.core.db.Database;
import city.canopy.core.gateways.PgConfigurations.Standing;
import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.GatewayConfigurationJson;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.envelope.SignedConfiguration;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what each gateway must know, signs it, and sends it whenever it says something else than before. One thread of
 * its own; changes within a second are one. The newest is kept, encrypted, for the gateway that subscribes later, and its
 * version grows only when its content changes.
 */
public final class Configurations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);
    private static final long COALESCE_MS = 1_000;
    private static final long AGAIN_MS = 10_000;
    /** By so much the version and the time make a configuration longer at most. */
    private static final int VERSION_BYTES = 64;

    private final Database database;
    private final PgConfigurations store;
    private final KeyPair signing;
    private final Function<String, List<Observation>> observed;
    private final Publisher publisher;
    private final Clock clock;
    private final int maxBytes;
    /** In bytes; of the gateways whose configuration cannot be sent. */
    private final Map<DeviceId, Integer> tooLarge = new ConcurrentSkipListMap<>(Comparator.comparing(DeviceId::value));

    private final AtomicBoolean awake = new AtomicBoolean();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "gateway-configurations"));

    /**
     * @param folder {@code data.dir/ca}, where the signing key is or will be
     * @param observed what gateways observe of the devices of a profile, as the packs stand
     */
    public Configurations(
            Database database,
            ServerKey key,
            java.nio.file.Path folder,
            Function<String, List<Observation>> observed,
            Publisher publisher,
            Clock clock) {
        this(
                database,
                key,
                ConfigurationKey.load(folder),
                observed,
                publisher,
                clock,
                SignedConfiguration.MAX_SENT_BYTES);
    }

    /** @param maxBytes the longest signed configuration that is sent */
    Configurations(
            Database database,
            ServerKey key,
            KeyPair signing,
            Function<String, List<Observation>> observed,
            Publisher publisher,
            Clock clock,
            int maxBytes) {
        this.database = database;
        this.store = new PgConfigurations(key);
        this.signing = signing;
        this.observed = observed;
        this.publisher = publisher;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /** With what gateways check the signature. */
    public PublicKey publicKey() {
        return signing.getPublic();
    }

    /** Devices, credentials or profiles may have changed. Any thread; returns at once. */
    public void wake() {
        wake(COALESCE_MS);
    }

    private void wake(long afterMillis) {
        if (!timer.isShutdown() && awake.compareAndSet(false, true)) {
            timer.schedule(this::round, afterMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void round() {
        awake.set(false);
        try {
            refresh();
        } catch (RuntimeException e) {
            LOG.warn("what gateways must know could not be made and is tried again: {}", e.getMessage());
            wake(AGAIN_MS);
        }
    }

    /** Makes and sends at once what has changed. Blocks. */
    void refresh() {
        List<DeviceId> all = database.read(PgConfigurations::gateways);
        tooLarge.keySet().retainAll(all);
        for (DeviceId gateway : all) {
            database.inTransaction(c -> remake(c, gateway))
                    .ifPresent(signed -> publisher.publish(Topics.gatewayConfig(gateway), signed));
        }
    }

    /** What is to be sent now, where it is new. */
    private Optional<byte[]> remake(Connection c, DeviceId gateway) throws SQLException {
        Optional<Standing> found = store.standing(c, gateway);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Standing before = found.get();
        List<EdgeDevice> devices = store.devices(c, gateway, new CredentialDigest(before.digestKeyHex()));
        Map<String, List<Observation>> observe = new TreeMap<>();
        for (EdgeDevice device : devices) {
            observe.computeIfAbsent(device.profile(), observed);
        }
        observe.values().removeIf(List::isEmpty);
        GatewayConfiguration content =
                new GatewayConfiguration(gateway, 0, Instant.EPOCH, before.digestKeyHex(), devices, observe);
        byte[] json = GatewayConfigurationJson.write(content);
        byte[] digest = sha256(json);
        if (Arrays.equals(digest, before.digest())) {
            tooLarge.remove(gateway);
            return Optional.empty();
        }
        Instant now = clock.instant();
        long version = before.version() + 1;
        byte[] signed = SignedConfiguration.sign(
                new GatewayConfiguration(gateway, version, now, before.digestKeyHex(), devices, observe),
                signing.getPrivate());
        if (json.length > GatewayConfigurationJson.MAX_BYTES - VERSION_BYTES || signed.length > maxBytes) {
            refuse(gateway, json.length, signed.length);
            return Optional.empty();
        }
        tooLarge.remove(gateway);
        store.write(c, gateway, new Standing(before.digestKeyHex(), version, digest), signed, now);
        return Optional.of(signed);
    }

    /** A gateway would refuse it, or the door cut the connection in the middle of it, again and again. */
    private void refuse(DeviceId gateway, int unpacked, int signed) {
        Integer before = tooLarge.put(gateway, signed);
        if (before == null || before != signed) {
            LOG.warn(
                    "The gateway {} is not told of its newest devices and credentials: its configuration has {} bytes, {} as it"
                            + " would be sent, and may have {} and {}. Move devices behind another gateway, or revoke"
                            + " credentials that nobody uses; until then it goes on with what it knows.",
                    gateway,
                    unpacked,
                    signed,
                    GatewayConfigurationJson.MAX_BYTES,
                    maxBytes);
        }
    }

    /** The gateways that are not told what is new, since it is more than can be sent; with its bytes. */
    public Map<DeviceId, Integer> tooLarge() {
        return Collections.unmodifiableMap(tooLarge);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot do SHA-256", e);
        }
    }

    /** What a gateway that subscribes is told; empty before the first was made. Blocks. */
    public Optional<byte[]> find(DeviceId gateway) {
        return database.read(c -> store.find(c, gateway));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
