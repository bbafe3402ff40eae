package city.canopy.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What has not come again for long is dropped; what still comes stays, however old its first time is. */
class QuarantineRetentionTest {
    private static final Instant EDGE = Instant.parse("2026-08-01T00:00:00Z");

    @Test
    void whatHasNotComeAgainIsDropped() {
        try (Database database = TestDatabase.fresh()) {
            put(database, "old", "2026-07-01T00:00:00Z", "2026-07-31T23:59:59Z");
            put(database, "old-but-comes", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z");
            put(database, "new", "2026-08-02T00:00:00Z", "2026-08-02T00:00:00Z");
            Quarantine quarantine = new Quarantine(new PgQuarantine(database), 100);
            assertThat(quarantine.dropBefore(EDGE)).isEqualTo(1);
            assertThat(quarantine.dropBefore(EDGE)).isZero();
            List<String> left = quarantine.list(Optional.empty(), Optional.empty(), Long.MAX_VALUE, 10).stream()
                    .map(QuarantineRow::device)
                    .toList();
            assertThat(left).containsExactly("new", "old-but-comes");
        }
    }

    private static void put(Database database, String device, String first, String last) {
        database.inTransaction(c -> {
            try (PreparedStatement s = c.prepareStatement("insert into quarantine (device, door, topic, code, detail,"
                    + " received_at, last_received_at, digest, payload)"
                    + " values (?, 'mqtt', 't', 'undecodable', 'x', ?, ?, ?, ?)")) {
                s.setString(1, device);
                s.setObject(2, at(first));
                s.setObject(3, at(last));
                s.setBytes(4, device.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                s.setBytes(5, new byte[] {1});
                return s.executeUpdate();
            }
        });
    }

    private static OffsetDateTime at(String time) {
        return Instant.parse(time).atOffset(ZoneOffset.UTC);
    }
}
