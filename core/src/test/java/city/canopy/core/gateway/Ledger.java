package city.canopy.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.http.RunningService;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/** Compares what devices have had acknowledged with what the service has. */
final class Ledger {
    private final RunningService service;

    Ledger(RunningService service) {
        this.service = service;
    }

    /** How many readings the service has in all. */
    long readings() {
        return service.look(connection -> {
            try (PreparedStatement s = connection.prepareStatement("select count(*) from observation");
                    ResultSet row = s.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Whether the service has a device's reading of that moment. */
    boolean has(String device, Instant measuredAt) {
        return service.look(connection -> {
            try (PreparedStatement s =
                    connection.prepareStatement("select count(*) from observation o join datastream d"
                            + " on d.id = o.datastream_id where d.device = ? and o.measured_at = ?")) {
                s.setString(1, device);
                s.setTimestamp(2, Timestamp.from(measuredAt));
                try (ResultSet row = s.executeQuery()) {
                    row.next();
                    return row.getLong(1) > 0;
                }
            }
        });
    }

    /**
     * Checks one device, which sent in the order of its story: every reading that was acknowledged is there once and as it
     * was sent, the next ones at most once, nothing else, and the service has received them in their order.
     *
     * @param acknowledged how many, from the first
     */
    void check(Story story, int acknowledged) {
        service.look(connection -> {
            check(connection, story, acknowledged);
            return null;
        });
    }

    private static void check(Connection connection, Story story, int acknowledged) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("select d.quantity, o.measured_at, o.value, o.received_at"
                        + " from observation o join datastream d on d.id = o.datastream_id"
                        + " where d.device = ? order by o.measured_at")) {
            s.setFetchSize(5_000);
            s.setString(1, story.device());
            int index = 0;
            Instant received = Instant.MIN;
            try (ResultSet row = s.executeQuery()) {
                for (; row.next(); index++) {
                    String which = story.device() + " " + index;
                    assertThat(row.getString(1)).as(which).isEqualTo(story.quantity());
                    assertThat(row.getTimestamp(2).toInstant()).as(which).isEqualTo(story.at(index));
                    assertThat(row.getDouble(3)).as(which).isEqualTo(story.value(index));
                    Instant at = row.getTimestamp(4).toInstant();
                    assertThat(at).as(which + " received in order").isAfterOrEqualTo(received);
                    received = at;
                }
            }
            assertThat(index).as("readings of " + story.device()).isBetween(acknowledged, story.size());
        }
    }

    /** Whatever could not be read or belonged to nobody, as text. */
    String quarantined() {
        return service.get("/api/v1/quarantine?limit=5").json().path("items").toString();
    }
}
