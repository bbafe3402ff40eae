package city.canopy.core.access;

import city.canopy.core.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** People, sessions and API tokens in PostgreSQL. Secrets are there as digests and hashes only. Blocking. */
final class PgPeople {
    private static final String PERSON = "id, name, display_name, role, locale, disabled, created_at";

    private final Database database;

    PgPeople(Database database) {
        this.database = database;
    }

    /** A person with the hash of the password. */
    record WithHash(Person person, String hash) {}

    /** A session as it is stored. */
    record Stored(Digest token, String user, Instant createdAt, Instant seenAt, Instant expiresAt) {}

    /** An API token as it is stored. */
    record StoredToken(ApiToken token, Digest digest) {}

    /** Remembers which server key the digests were made with. @throws IllegalStateException when it was another */
    void checkKey(ServerKey key) {
        String known = database.inTransaction(c -> {
            execute(
                    c,
                    "insert into setting (name, value) values ('server_key', ?) on conflict (name) do nothing",
                    key.fingerprint());
            try (PreparedStatement s = c.prepareStatement("select value from setting where name = 'server_key'");
                    ResultSet r = s.executeQuery()) {
                r.next();
                return r.getString(1);
            }
        });
        if (!known.equals(key.fingerprint())) {
            throw new IllegalStateException("The file " + ServerKey.FILE + " in data.dir does not belong to this"
                    + " database: every device and token would be refused. Put the file back from the backup.");
        }
    }

    Optional<WithHash> find(String name) {
        return database.read(c -> {
            try (PreparedStatement s =
                    c.prepareStatement("select " + PERSON + ", password_hash from app_user where name = ?")) {
                s.setString(1, name);
                try (ResultSet r = s.executeQuery()) {
                    return r.next()
                            ? Optional.of(new WithHash(person(r), r.getString("password_hash")))
                            : Optional.empty();
                }
            }
        });
    }

    List<Person> list() {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement("select " + PERSON + " from app_user order by name");
                    ResultSet r = s.executeQuery()) {
                List<Person> all = new ArrayList<>();
                while (r.next()) {
                    all.add(person(r));
                }
                return all;
            }
        });
    }

    void insert(Person person, String hash) {
        write(
                "insert into app_user (id, name, display_name, password_hash, role, locale, disabled, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                person.id(),
                person.name(),
                person.displayName(),
                hash,
                person.role().wire(),
                person.locale(),
                person.disabled(),
                utc(person.createdAt()));
    }

    void update(Person person) {
        write(
                "update app_user set display_name = ?, role = ?, locale = ?, disabled = ? where id = ?",
                person.displayName(),
                person.role().wire(),
                person.locale(),
                person.disabled(),
                person.id());
    }

    void updateHash(String id, String hash) {
        write("update app_user set password_hash = ? where id = ?", hash, id);
    }

    List<Stored> sessions(Instant now) {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement(
                    "select token_hash, user_id, created_at, seen_at, expires_at from session where expires_at > ?")) {
                s.setObject(1, utc(now));
                try (ResultSet r = s.executeQuery()) {
                    List<Stored> all = new ArrayList<>();
                    while (r.next()) {
                        all.add(new Stored(
                                new Digest(r.getBytes(1)),
                                r.getString(2),
                                instant(r, 3),
                                instant(r, 4),
                                instant(r, 5)));
                    }
                    return all;
                }
            }
        });
    }

    void insertSession(Stored session) {
        write(
                "insert into session (token_hash, user_id, created_at, seen_at, expires_at) values (?, ?, ?, ?, ?)",
                session.token().bytes(),
                session.user(),
                utc(session.createdAt()),
                utc(session.seenAt()),
                utc(session.expiresAt()));
    }

    void touchSession(Digest token, Instant seen) {
        write("update session set seen_at = ? where token_hash = ?", utc(seen), token.bytes());
    }

    void deleteSession(Digest token) {
        write("delete from session where token_hash = ?", (Object) token.bytes());
    }

    void deleteSessionsOf(String user) {
        write("delete from session where user_id = ?", user);
    }

    void deleteExpired(Instant now) {
        write("delete from session where expires_at <= ?", utc(now));
    }

    List<StoredToken> tokens() {
        return database.read(c -> {
            try (PreparedStatement s = c.prepareStatement("select id, name, role, bootstrap, created_at, token_hash"
                            + " from api_token where revoked_at is null order by created_at, id");
                    ResultSet r = s.executeQuery()) {
                List<StoredToken> all = new ArrayList<>();
                while (r.next()) {
                    Role role = Role.find(r.getString(3)).orElseThrow();
                    all.add(new StoredToken(
                            new ApiToken(r.getString(1), r.getString(2), role, r.getBoolean(4), instant(r, 5)),
                            new Digest(r.getBytes(6))));
                }
                return all;
            }
        });
    }

    void insertToken(ApiToken token, Digest digest) {
        write(
                "insert into api_token (id, name, token_hash, role, bootstrap, created_at) values (?, ?, ?, ?, ?, ?)",
                token.id(),
                token.name(),
                digest.bytes(),
                token.role().wire(),
                token.isBootstrap(),
                utc(token.createdAt()));
    }

    boolean revokeToken(String id, Instant now) {
        return write("update api_token set revoked_at = ? where id = ? and revoked_at is null", utc(now), id) > 0;
    }

    private int write(String sql, Object... values) {
        return database.inTransaction(c -> execute(c, sql, values));
    }

    private static int execute(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                s.setObject(i + 1, values[i]);
            }
            return s.executeUpdate();
        }
    }

    private static Person person(ResultSet r) throws SQLException {
        return new Person(
                r.getString("id"),
                r.getString("name"),
                r.getString("display_name"),
                Role.find(r.getString("role")).orElseThrow(),
                r.getString("locale"),
                r.getBoolean("disabled"),
                r.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet r, int column) throws SQLException {
        return r.getObject(column, OffsetDateTime.class).toInstant();
    }
}
