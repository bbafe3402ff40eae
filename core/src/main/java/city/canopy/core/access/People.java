package city.canopy.core.access;

import city.canopy.core.db.Database;
import city.canopy.core.db.DatabaseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Who may log in, who is logged in, and which programs have a token. Sessions and tokens are held in memory as well, so
 * that {@link #bySession} and {@link #byToken} never block; everything that changes something blocks.
 */
public final class People {
    /** A session ends when nobody used it for so long. */
    public static final Duration IDLE = Duration.ofHours(12);
    /** A session ends so long after the log-in at the latest. */
    public static final Duration LONGEST = Duration.ofDays(7);
    /** How many people there can be. */
    public static final int MAX_PEOPLE = 10_000;

    private static final Duration TOUCH_EVERY = Duration.ofMinutes(5);
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{2,64}");

    private final PgPeople store;
    private final ServerKey key;
    private final Clock clock;
    private final Passwords passwords = new Passwords();
    private final FailedLogins failures;
    private final Map<Digest, PgPeople.Stored> sessions = new ConcurrentHashMap<>();
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private volatile Map<Digest, ApiToken> tokens = Map.of();

    /** A session that has just begun; the cookie's value is told once. */
    public record Begun(Person person, String cookie) {
        @Override
        public String toString() {
            return "Begun[" + person.name() + "]";
        }
    }

    /** A log-in that was refused. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<Duration> wait;

        RefusedException(Optional<Duration> wait) {
            super("refused", null, false, false);
            this.wait = wait;
        }

        /** How long this address or account must wait, when it has failed too often. */
        public Optional<Duration> waitFor() {
            return wait;
        }
    }

    /**
     * Loads everything.
     *
     * @throws IllegalStateException when the database was filled under another server key: every credential in it
     *     would be refused
     */
    public People(Database database, ServerKey key, Clock clock) {
        this.store = new PgPeople(database);
        this.key = key;
        this.clock = clock;
        this.failures = new FailedLogins(clock);
        store.checkKey(key);
        store.deleteExpired(clock.instant());
        reload();
        store.sessions(clock.instant()).forEach(session -> sessions.put(session.token(), session));
    }

    private void reload() {
        store.list().forEach(person -> people.put(person.id(), person));
        Map<Digest, ApiToken> loaded = new ConcurrentHashMap<>();
        store.tokens().forEach(stored -> loaded.put(stored.digest(), stored.token()));
        tokens = loaded;
    }

    /**
     * At the first start: an administrator with a generated password.
     *
     * @return the password, to be printed once; empty when there are people already
     */
    public Optional<String> ensureAdministrator() {
        if (!people.isEmpty()) {
            return Optional.empty();
        }
        String password = Secrets.password();
        create("admin", "Administrator", Role.ADMINISTRATOR, "vi", password);
        return Optional.of(password);
    }

    /** At the first start: the API token that the configuration names. */
    public void ensureBootstrapToken(String secret) {
        ApiToken token = new ApiToken(Secrets.id(), "bootstrap", Role.ADMINISTRATOR, true, clock.instant());
        store.insertToken(token, new Digest(key.digest(secret)));
        reload();
    }

    /** Whether the token of the configuration is still valid. */
    public boolean bootstrapTokenLives() {
        return tokens.values().stream().anyMatch(ApiToken::isBootstrap);
    }

    /**
     * Logs somebody in.
     *
     * @param address where from; failures count against it and against the account
     * @throws RefusedException when name or password is wrong, or there were too many failures
     */
    public Begun logIn(String name, String password, String address) {
        Person person = attempt(name, password, address).orElseThrow(() -> new RefusedException(Optional.empty()));
        String cookie = Secrets.token();
        Instant now = clock.instant();
        PgPeople.Stored session =
                new PgPeople.Stored(new Digest(key.digest(cookie)), person.id(), now, now, now.plus(LONGEST));
        store.insertSession(session);
        sessions.put(session.token(), session);
        return new Begun(person, cookie);
    }

    /**
     * Whoever has this name and password. An attempt counts as failed until it has succeeded, so that many at once are
     * no way around the limit. Blocks for some tens of milliseconds.
     *
     * @throws RefusedException when this address or account has failed too often
     */
    Optional<Person> attempt(String name, String password, String address) {
        Optional<Duration> wait = failures.begin(address, name);
        if (wait.isPresent()) {
            throw new RefusedException(wait);
        }
        Optional<Person> person;
        try {
            person = check(name, password);
        } catch (RuntimeException e) {
            failures.takeBack(address, name);
            throw e;
        }
        if (person.isPresent()) {
            failures.takeBack(address, name);
            failures.succeeded(name);
        }
        return person;
    }

    /** Whether somebody is called so; never blocks. */
    boolean isKnown(String name) {
        return people.values().stream().anyMatch(person -> person.name().equals(name));
    }

    private Optional<Person> check(String name, String password) {
        if (password.length() > Passwords.LONGEST || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Optional<PgPeople.WithHash> known = store.find(name);
        boolean right =
                passwords.matches(password, known.map(PgPeople.WithHash::hash).orElse(null));
        return right ? known.map(PgPeople.WithHash::person).filter(person -> !person.disabled()) : Optional.empty();
    }

    public void logOut(String cookie) {
        Digest token = new Digest(key.digest(cookie));
        sessions.remove(token);
        store.deleteSession(token);
    }

    /** Who a session belongs to; never blocks. */
    public Optional<Person> bySession(String cookie) {
        Digest token = new Digest(key.digest(cookie));
        PgPeople.Stored session = sessions.get(token);
        Instant now = clock.instant();
        if (session == null
                || !now.isBefore(session.expiresAt())
                || now.isAfter(session.seenAt().plus(IDLE))) {
            return Optional.empty();
        }
        if (now.isAfter(session.seenAt().plus(TOUCH_EVERY))) {
            // In memory only; the database hears of it at the next sweep.
            sessions.replace(
                    token,
                    session,
                    new PgPeople.Stored(token, session.user(), session.createdAt(), now, session.expiresAt()));
        }
        return Optional.ofNullable(people.get(session.user())).filter(person -> !person.disabled());
    }

    /** Which API token this is; never blocks. */
    public Optional<ApiToken> byToken(String secret) {
        return secret.length() > DeviceCredentials.MAX_SECRET_BYTES
                ? Optional.empty()
                : Optional.ofNullable(tokens.get(new Digest(key.digest(secret))));
    }

    /** Writes down when sessions were last used and forgets those that are over; now and then. */
    public void sweep() {
        Instant now = clock.instant();
        for (PgPeople.Stored session : List.copyOf(sessions.values())) {
            if (!now.isBefore(session.expiresAt())
                    || now.isAfter(session.seenAt().plus(IDLE))) {
                sessions.remove(session.token());
                store.deleteSession(session.token());
            } else {
                store.touchSession(session.token(), session.seenAt());
            }
        }
    }

    public List<Person> list() {
        return store.list();
    }

    public Optional<Person> find(String id) {
        return Optional.ofNullable(people.get(id));
    }

    /**
     * Adds somebody.
     *
     * @throws IllegalArgumentException saying what is wrong with name or password
     */
    public Person create(String name, String displayName, Role role, String locale, String password) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name is 2 to 64 of a-z, 0-9, '.', '_' and '-'");
        }
        checkPassword(password);
        if (people.size() >= MAX_PEOPLE) {
            throw new IllegalArgumentException("there are " + MAX_PEOPLE + " people already");
        }
        Person person = new Person(Secrets.id(), name, displayName, role, locale, false, clock.instant());
        try {
            store.insert(person, passwords.hash(password));
        } catch (DatabaseException e) {
            if ("23505".equals(e.sqlState())) {
                throw new IllegalArgumentException("somebody is called " + name + " already", e);
            }
            throw e;
        }
        people.put(person.id(), person);
        return person;
    }

    /** Changes everything but name and password; somebody who is disabled is logged out at once. */
    public Person update(Person person) {
        store.update(person);
        people.put(person.id(), person);
        if (person.disabled()) {
            endSessions(person.id());
        }
        return person;
    }

    /** Sets a new password; all sessions of that person end. */
    public void changePassword(String id, String password) {
        checkPassword(password);
        store.updateHash(id, passwords.hash(password));
        endSessions(id);
    }

    private void endSessions(String id) {
        sessions.values().removeIf(session -> session.user().equals(id));
        store.deleteSessionsOf(id);
    }

    private static void checkPassword(String password) {
        if (password.length() < Passwords.SHORTEST || password.length() > Passwords.LONGEST) {
            throw new IllegalArgumentException(
                    "a password has " + Passwords.SHORTEST + " to " + Passwords.LONGEST + " characters");
        }
    }

    /** A new API token and its secret, which is told once. */
    public Map.Entry<ApiToken, String> issueToken(String name, Role role) {
        String secret = Secrets.token();
        ApiToken token = new ApiToken(Secrets.id(), name, role, false, clock.instant());
        store.insertToken(token, new Digest(key.digest(secret)));
        reload();
        return Map.entry(token, secret);
    }

    public List<ApiToken> tokens() {
        return store.tokens().stream().map(PgPeople.StoredToken::token).toList();
    }

    /** Whether there was such a token. */
    public boolean revokeToken(String id) {
        boolean revoked = store.revokeToken(id, clock.instant());
        reload();
        return revoked;
    }
}
