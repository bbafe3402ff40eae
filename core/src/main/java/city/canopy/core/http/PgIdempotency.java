package city.canopy.core.http;

import city.canopy.core.access.ServerKey;
import city.canopy.core.db.Database;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * {@link Idempotency} in PostgreSQL: it holds over a restart. A write that died with its process is free again after a
 * minute. Answers may hold a secret that is shown once, requests a password: the first are kept sealed, of the second a
 * digest, both under the server key.
 */
public final class PgIdempotency implements Idempotency {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ABANDONED = "interval '1 minute'";

    private final Database database;
    private final ServerKey serverKey;
    private final Clock clock;

    public PgIdempotency(Database database, ServerKey serverKey, Clock clock) {
        this.database = database;
        this.serverKey = serverKey;
        this.clock = clock;
    }

    @Override
    public Known begin(String actor, String key, byte[] request) {
        byte[] requestHash = serverKey.digest(request);
        return database.inTransaction(c -> {
            try (PreparedStatement s =
                    c.prepareStatement("insert into idempotency (actor, key, request_hash, created_at)"
                            + " values (?, ?, ?, ?) on conflict (actor, key) do update set request_hash = excluded.request_hash,"
                            + " created_at = excluded.created_at, status = null, headers = null, body = null"
                            + " where idempotency.created_at < excluded.created_at - interval '24 hours'"
                            + " or idempotency.status is null and idempotency.created_at < excluded.created_at - "
                            + ABANDONED)) {
                s.setString(1, actor);
                s.setString(2, key);
                s.setBytes(3, requestHash);
                s.setObject(4, now());
                if (s.executeUpdate() > 0) {
                    return new Known.Fresh();
                }
            }
            return known(c, actor, key, requestHash);
        });
    }

    private Known known(Connection c, String actor, String key, byte[] requestHash) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "select request_hash, status, headers::text, body from idempotency where actor = ? and key = ?")) {
            s.setString(1, actor);
            s.setString(2, key);
            try (ResultSet r = s.executeQuery()) {
                if (!r.next()) {
                    return new Known.UnderWay();
                }
                if (!MessageDigest.isEqual(r.getBytes(1), requestHash)) {
                    return new Known.Different();
                }
                int status = r.getInt(2);
                return r.wasNull()
                        ? new Known.UnderWay()
                        : new Known.Answered(Answer.of(status, headers(r.getString(3)), serverKey.open(r.getBytes(4))));
            }
        }
    }

    private static Map<String, String> headers(String json) throws SQLException {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new SQLException("the stored headers of an answer are not readable", e);
        }
    }

    @Override
    public void finish(String actor, String key, Answer answer) {
        String headers;
        try {
            headers = JSON.writeValueAsString(answer.headers());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is always JSON", e);
        }
        database.inTransaction(c -> {
            try (PreparedStatement s = c.prepareStatement(
                    "update idempotency set status = ?, headers = ?::jsonb, body = ? where actor = ? and key = ?")) {
                s.setInt(1, answer.status());
                s.setString(2, headers);
                s.setBytes(3, serverKey.seal(answer.body()));
                s.setString(4, actor);
                s.setString(5, key);
                return s.executeUpdate();
            }
        });
    }

    @Override
    public void forget(String actor, String key) {
        database.inTransaction(c -> {
            try (PreparedStatement s =
                    c.prepareStatement("delete from idempotency where actor = ? and key = ? and status is null")) {
                s.setString(1, actor);
                s.setString(2, key);
                return s.executeUpdate();
            }
        });
    }

    @Override
    public void sweep() {
        database.inTransaction(c -> {
            try (PreparedStatement s = c.prepareStatement(
                    "delete from idempotency where created_at < ?::timestamptz - interval '24 hours'")) {
                s.setObject(1, now());
                return s.executeUpdate();
            }
        });
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
