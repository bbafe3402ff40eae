package city.canopy.core.gateways;

import city.canopy.core.access.FailedLogins;
import city.canopy.core.access.Secrets;
import city.canopy.core.access.ServerKey;
import city.canopy.core.db.Database;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Registry;
import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The edge gateways: making them, enrolling them by a one-time token, and their certificates. A gateway is also a device
 * of the profile {@value #PROFILE}, so that its own silence is noticed. Blocks; any worker thread.
 */
public final class Gateways {
    /** The profile of every gateway. */
    public static final String PROFILE = "edge-gateway";
    /** How many gateways there can be. */
    public static final int MAX_GATEWAYS = 1_000;
    /** How long a one-time token can be used. */
    public static final Duration TOKEN_VALID = Duration.ofHours(24);
    /** The longest title. */
    public static final int MAX_TITLE = 200;
    /** Before what a gateway signs when it asks for its next certificate. */
    public static final String RENEWAL = "canopy-renew\n";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_TOKEN = 128;

    private final Database database;
    private final Registry registry;
    private final ServerKey key;
    private final CertificateAuthority authority;
    private final Consumer<DeviceId> refused;
    private final FailedLogins failures;
    private final Clock clock;

    /** @param refused is told of a gateway whose certificates are no longer valid, once that is so */
    public Gateways(
            Database database,
            Registry registry,
            ServerKey key,
            CertificateAuthority authority,
            Consumer<DeviceId> refused,
            Clock clock) {
        this.database = database;
        this.registry = registry;
        this.key = key;
        this.authority = authority;
        this.refused = refused;
        this.failures = new FailedLogins(clock);
        this.clock = clock;
    }

    /** A one-time token; told once. */
    public record Token(String value, Instant expiresAt) {
        @Override
        public String toString() {
            return "Token[until " + expiresAt + "]";
        }
    }

    /** What an enrolment gave: the gateway and its certificate with the authority's, PEM. */
    public record Enrolled(DeviceId gateway, String chain, Instant notAfter) {}

    /** An address has failed too often; it has to wait. */
    public static final class WaitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Duration wait;

        WaitException(Duration wait) {
            super("wait", null, false, false);
            this.wait = wait;
        }

        public Duration waitFor() {
            return wait;
        }
    }

    /**
     * Makes a gateway with its device.
     *
     * @return its one-time token
     * @throws GatewayException when there are {@value #MAX_GATEWAYS}, or the title is too long
     * @throws city.canopy.core.registry.RegistryException when there is such a device already
     */
    public Token create(DeviceId id, String title) {
        checkTitle(title);
        if (database.read(PgGateways::count) >= MAX_GATEWAYS) {
            throw new GatewayException("too_many", "There are " + MAX_GATEWAYS + " gateways already.");
        }
        Token token = token();
        byte[] digestKey = new byte[CredentialDigest.KEY_BYTES];
        RANDOM.nextBytes(digestKey);
        Enrolment wish = new Enrolment(
                id, PROFILE, Optional.of(title), new Binding.Unplaced(), Optional.empty(), Optional.empty());
        registry.enrol(List.of(wish), c -> {
            PgGateways.insert(c, id, key.seal(digestKey));
            PgGateways.replaceToken(c, id, key.digest(token.value()), token.expiresAt());
        });
        return token;
    }

    private Token token() {
        return new Token(Secrets.token(), clock.instant().plus(TOKEN_VALID));
    }

    private static void checkTitle(String title) {
        if (title.isBlank() || title.length() > MAX_TITLE) {
            throw new GatewayException("bad_title", "A title has 1 to " + MAX_TITLE + " characters.");
        }
    }

    /** Another one-time token; one that was not used is void. The certificate stays until the token is used. */
    public Token renewToken(DeviceId id) {
        Token token = token();
        database.inTransaction(c -> {
            PgGateways.replaceToken(c, id, key.digest(token.value()), token.expiresAt());
            return null;
        });
        return token;
    }

    /**
     * Gives a gateway its certificate, for the token. The token is used up, and what certificates the gateway had are
     * revoked: there is one machine of each name.
     *
     * @param csr PEM; its subject does not matter
     * @param address where from; failures count against it
     * @throws GatewayException {@code bad_csr}; {@code wrong_token} when there is no such token, or it was used, or is
     *     older than a day
     * @throws WaitException when this address has failed too often
     */
    public Enrolled enrol(String token, String csr, String address) {
        attempt(address);
        Csr wish = Csr.read(csr);
        Instant now = clock.instant();
        Optional<Enrolled> enrolled = database.inTransaction(c -> {
            Optional<DeviceId> gateway =
                    token.length() > MAX_TOKEN ? Optional.empty() : PgGateways.useToken(c, key.digest(token), now);
            if (gateway.isEmpty()) {
                return Optional.empty();
            }
            PgGateways.revoke(c, gateway.get(), null, now);
            return Optional.of(issue(c, gateway.get(), wish, now));
        });
        Enrolled done = taken(
                enrolled,
                address,
                "wrong_token",
                "The token is wrong, was used already, or is older than 24 hours: make a new one with"
                        + " POST /api/v1/gateways/{id}/token.");
        refused.accept(done.gateway());
        return done;
    }

    /**
     * Gives an enrolled gateway its next certificate. It proves itself by a signature, with the key of the certificate
     * that it has, over {@link #RENEWAL} and the DER form of the request; so whoever repeats a request that was
     * overheard gets a certificate for the gateway's own new key and no other. The certificate that it has stays valid
     * until its end, older ones are revoked.
     *
     * @param certificate the one that it has, PEM
     * @param proof the signature: SHA256withECDSA or SHA256withRSA, by the kind of the key
     */
    public Enrolled renew(String certificate, String csr, byte[] proof, String address) {
        attempt(address);
        Csr wish = Csr.read(csr);
        X509Certificate known = certificate(certificate);
        Instant now = clock.instant();
        byte[] fingerprint = CertificateAuthority.fingerprint(known);
        Optional<Enrolled> renewed = database.inTransaction(c -> {
            Optional<DeviceId> gateway = PgGateways.byCertificate(c, fingerprint, now);
            if (gateway.isEmpty() || !proves(known, wish.der(), proof)) {
                return Optional.empty();
            }
            PgGateways.revoke(c, gateway.get(), fingerprint, now);
            return Optional.of(issue(c, gateway.get(), wish, now));
        });
        return taken(
                renewed,
                address,
                "wrong_proof",
                "The certificate is not valid here any more, or the proof is not made by its key: enrol again with a"
                        + " new token.");
    }

    private void attempt(String address) {
        failures.begin(address, address).ifPresent(wait -> {
            throw new WaitException(wait);
        });
    }

    private Enrolled taken(Optional<Enrolled> enrolled, String address, String code, String otherwise) {
        Enrolled done = enrolled.orElseThrow(() -> new GatewayException(code, otherwise));
        failures.takeBack(address, address);
        // The door must know the certificate before the gateway does.
        registry.change(c -> {});
        return done;
    }

    private Enrolled issue(java.sql.Connection c, DeviceId gateway, Csr wish, Instant now)
            throws java.sql.SQLException {
        X509Certificate made = authority.forGateway(gateway.value(), wish.key());
        Instant end = made.getNotAfter().toInstant();
        PgGateways.insertCertificate(c, gateway, CertificateAuthority.fingerprint(made), now, end);
        return new Enrolled(gateway, CertificateAuthority.pem(made) + authority.pem(), end);
    }

    private static X509Certificate certificate(String pem) {
        try {
            List<byte[]> blocks = pem.length() > Csr.MAX_CHARS ? List.of() : PemFile.blocks(pem, PemFile.CERTIFICATE);
            if (!blocks.isEmpty()) {
                return CertificateAuthority.certificate(blocks.get(0));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw badCertificate();
        }
        throw badCertificate();
    }

    private static GatewayException badCertificate() {
        return new GatewayException("bad_certificate", "\"certificate\" is not an X.509 certificate in PEM.");
    }

    private static boolean proves(X509Certificate certificate, byte[] csr, byte[] proof) {
        try {
            Signature signature = Signature.getInstance(
                    certificate.getPublicKey().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initVerify(certificate.getPublicKey());
            signature.update(RENEWAL.getBytes(StandardCharsets.US_ASCII));
            signature.update(csr);
            return signature.verify(proof);
        } catch (GeneralSecurityException e) {
            // What cannot be checked proves nothing.
            return false;
        }
    }

    /** Its certificates are refused from now on; it comes back by a new token only. */
    public void revoke(DeviceId id) {
        registry.change(c -> PgGateways.revoke(c, id, null, clock.instant()));
        refused.accept(id);
    }

    /** @throws GatewayException when the title is too long */
    public void update(DeviceId id, String title, boolean disabled) {
        checkTitle(title);
        registry.update(id, Optional.of(title), disabled);
        if (disabled) {
            refused.accept(id);
        }
    }

    public Optional<Gateway> find(DeviceId id) {
        return database.read(c -> PgGateways.find(c, id, clock.instant()));
    }

    /** Gateways in order of their ids, those after {@code after}. */
    public List<Gateway> list(String after, int limit) {
        return database.read(c -> PgGateways.page(c, after, limit, clock.instant()));
    }

    /** The first twenty gateways whose certificates end within this time. */
    public List<String> ending(Duration within) {
        return database.read(c -> PgGateways.ending(c, clock.instant().plus(within)));
    }

    /** Removes a gateway that nothing is behind and that has said nothing. */
    public void remove(DeviceId id) {
        registry.remove(id);
    }
}
