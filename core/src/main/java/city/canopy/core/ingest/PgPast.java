package city.canopy.core.ingest;

import city.canopy.core.db.Database;
import city.canopy.core.rules.Past;
import city.canopy.core.rules.PgRuleStates;
import city.canopy.core.rules.RuleStates;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.Latest;
import city.canopy.core.series.LatestReading;
import city.canopy.core.series.Quality;
import city.canopy.devices.model.DeviceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The past as the series keep it: latest values from memory, readings from the database. Blocking; any thread. */
public final class PgPast implements Past {
    private static final String READINGS = "select o.datastream_id, o.measured_at, o.value "
            + "from unnest(?::bigint[], ?::timestamptz[]) as k(id, since) cross join lateral "
            + "(select datastream_id, measured_at, value from observation where datastream_id = k.id "
            + "and measured_at >= k.since and quality & " + Quality.LATE + " = 0) o order by 1, 2";

    private final Database database;
    private final Datastreams datastreams;
    private final Latest latest;

    public PgPast(Database database, Datastreams datastreams, Latest latest) {
        this.database = Objects.requireNonNull(database, "database");
        this.datastreams = Objects.requireNonNull(datastreams, "datastreams");
        this.latest = Objects.requireNonNull(latest, "latest");
    }

    @Override
    public List<Last> last(Collection<Long> wanted) {
        List<Last> found = new ArrayList<>();
        for (long id : wanted) {
            Optional<Datastream> stream = datastreams.find(id);
            Optional<LatestReading> reading = latest.find(id);
            if (stream.isPresent() && reading.isPresent()) {
                found.add(new Last(
                        stream.get(), reading.get().measuredAt(), reading.get().receivedAt()));
            }
        }
        return found;
    }

    @Override
    public List<Stored> readings(Collection<Wanted> wanted) {
        // A datastream whose last reading is older has none to look for, and a new one has none at all: when a fleet
        // comes for the first time nobody waits for a search that finds nothing.
        List<Wanted> there = wanted.stream().filter(this::mayHaveSome).toList();
        return there.isEmpty() ? List.of() : database.read(connection -> readings(connection, there));
    }

    private boolean mayHaveSome(Wanted wanted) {
        return latest.find(wanted.datastream())
                .filter(reading -> reading.measuredAt() >= wanted.from())
                .isPresent();
    }

    private static List<Stored> readings(Connection connection, Collection<Wanted> wanted) throws SQLException {
        List<Stored> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(READINGS)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", wanted.stream().map(Wanted::datastream).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "timestamptz",
                            wanted.stream()
                                    .map(each -> instant(each.from()).toString())
                                    .toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Instant measuredAt = rows.getObject(2, OffsetDateTime.class)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toInstant();
                    found.add(new Stored(
                            rows.getLong(1), ChronoUnit.MICROS.between(Instant.EPOCH, measuredAt), rows.getDouble(3)));
                }
            }
        }
        return found;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public List<RuleStates.Kept> states(Collection<String> keys) {
        return database.read(connection -> PgRuleStates.find(connection, keys));
    }

    @Override
    public Map<DeviceId, Long> lastHeard(Collection<DeviceId> devices) {
        Map<DeviceId, Long> heard = new HashMap<>();
        for (DeviceId device : devices) {
            for (Datastream stream : datastreams.list(device)) {
                latest.find(stream.id()).ifPresent(reading -> heard.merge(device, reading.receivedAt(), Math::max));
            }
        }
        return heard;
    }
}
