package city.canopy.core.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.access.ServerKey;
import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.devices.envelope.SignedConfiguration;
import city.canopy.devices.model.DeviceId;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway is told of its devices as long as that can be sent, and people are told where it cannot. */
class ConfigurationsTest {
    private static final DeviceId GATEWAY = new DeviceId("gw-1");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-03T05:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final Database database = TestDatabase.fresh();
    private final List<byte[]> sent = new ArrayList<>();

    @AfterEach
    void close() {
        database.close();
    }

    private void execute(String sql, byte[]... bytes) {
        database.inTransaction(c -> {
            try (PreparedStatement s = c.prepareStatement(sql)) {
                for (int i = 0; i < bytes.length; i++) {
                    s.setBytes(i + 1, bytes[i]);
                }
                return s.executeUpdate();
            }
        });
    }

    @Test
    void whatIsOneByteTooLongIsNotSentAndTheLastGoodOneStays() throws Exception {
        ServerKey key = ServerKey.load(folder);
        KeyPair signing = ConfigurationKey.load(folder);
        execute("insert into device (id, profile) values ('gw-1', 'edge-gateway')");
        execute("insert into gateway (id, digest_key) values ('gw-1', ?)", key.seal(new byte[32]));
        execute(
                "insert into device (id, profile, gateway) select 'probe-' || i, 'probe', 'gw-1' from generate_series(1, 50) i");
        int bytes = refreshed(key, signing, SignedConfiguration.MAX_SENT_BYTES);
        assertThat(sent).hasSize(1);

        execute("update gateway set config_version = 0, config_digest = null");
        assertThat(refreshed(key, signing, bytes)).isEqualTo(bytes);
        assertThat(sent).hasSize(2);

        execute("update gateway set config_version = 0, config_digest = null");
        try (Configurations narrow = configurations(key, signing, bytes - 1)) {
            narrow.refresh();
            assertThat(sent).hasSize(2);
            assertThat(narrow.tooLarge()).isEqualTo(Map.of(GATEWAY, bytes));
            assertThat(narrow.find(GATEWAY)).contains(sent.get(1));
            // As the log says, devices are moved away.
            execute("update device set gateway = null where id = 'probe-7'");
            narrow.refresh();
            assertThat(sent).hasSize(3);
            assertThat(narrow.tooLarge()).isEmpty();
            assertThat(SignedConfiguration.verify(sent.get(2), signing.getPublic())
                            .devices())
                    .hasSize(49);
        }
    }

    private int refreshed(ServerKey key, KeyPair signing, int maxBytes) {
        try (Configurations configurations = configurations(key, signing, maxBytes)) {
            configurations.refresh();
            assertThat(configurations.tooLarge()).isEmpty();
            return configurations.find(GATEWAY).orElseThrow().length;
        }
    }

    private Configurations configurations(ServerKey key, KeyPair signing, int maxBytes) {
        return new Configurations(
                database, key, signing, profile -> List.of(), (topic, payload) -> sent.add(payload), CLOCK, maxBytes);
    }
}
