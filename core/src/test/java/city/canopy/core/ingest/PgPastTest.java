package city.canopy.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.rules.Past;
import city.canopy.core.series.Batch;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.Latest;
import city.canopy.core.series.PgSeriesStore;
import city.canopy.core.series.RawFrame;
import city.canopy.core.series.Sample;
import city.canopy.core.series.SeriesConfig;
import city.canopy.core.series.SeriesLayout;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PgPastTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final long MINUTE = 60_000_000L;

    private static long minute(int minutes) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, NOON) + minutes * MINUTE;
    }

    private static void append(
            PgSeriesStore store, Connection connection, Datastream stream, int measured, double value)
            throws SQLException {
        Sample sample = new Sample(stream, value, minute(measured), minute(60), true, 0);
        RawFrame frame = new RawFrame("probe", "topic", null, minute(60), "{}".getBytes(StandardCharsets.UTF_8));
        Batch batch = store.append(connection, List.of(sample), List.of(frame));
        connection.commit();
        batch.adopt();
    }

    @Test
    void thePastIsWhatIsStoredWithoutWhatCameLate() throws SQLException {
        Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
        PgPast past;
        long id;
        try (Database database = TestDatabase.withoutSeries()) {
            SeriesLayout layout = SeriesLayout.prepare(database, SeriesConfig.defaults(), clock);
            Datastreams datastreams = Datastreams.load(database);
            Latest latest = PgSeriesStore.load(database);
            DeviceId device = new DeviceId("probe");
            Datastream tilt = datastreams
                    .resolve(List.of(new Datastreams.Key(device, new Quantity("tilt"), 0, "trees", "T1", "deg")))
                    .get(0);
            past = new PgPast(database, datastreams, latest);
            assertThat(past.last(List.of(tilt.id(), 4711L))).isEmpty();
            assertThat(past.lastHeard(List.of(device))).isEmpty();
            try (Connection connection = database.open();
                    PgSeriesStore store = new PgSeriesStore("p", layout, latest, clock)) {
                append(store, connection, tilt, -90, 1);
                append(store, connection, tilt, -30, 2);
                append(store, connection, tilt, -10, 3);
                append(store, connection, tilt, -20, 99);
            }
            assertThat(past.readings(List.of(new Past.Wanted(tilt.id(), minute(-30)))))
                    .containsExactly(
                            new Past.Stored(tilt.id(), minute(-30), 2), new Past.Stored(tilt.id(), minute(-10), 3));
            assertThat(past.last(List.of(tilt.id()))).containsExactly(new Past.Last(tilt, minute(-10), minute(60)));
            assertThat(past.lastHeard(List.of(device, new DeviceId("other")))).isEqualTo(Map.of(device, minute(60)));
            assertThat(past.states(List.of("1"))).isEmpty();
            id = tilt.id();
        }
        // The database is closed: what cannot be there is not searched for.
        assertThat(past.readings(List.of(new Past.Wanted(id, minute(-9)), new Past.Wanted(id + 1, minute(-90)))))
                .isEmpty();
    }
}
