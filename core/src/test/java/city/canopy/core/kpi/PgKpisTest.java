package city.canopy.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.devices.model.Quantity;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgKpisTest {
    private static final Period MARCH =
            new Period(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"));
    private static final Set<String> WASTE = Set.of("waste-overflow");

    private final Database database = TestDatabase.fresh();
    private final PgKpis kpis = new PgKpis(database);

    @BeforeEach
    void whatHappenedInMarch() {
        ticket("1", "waste-overflow", "closed", "2026-03-02T00:00Z", "2026-03-03T00:00Z", "2026-03-02T04:00Z");
        ticket("2", "waste-overflow", "resolved", "2026-03-05T00:00Z", "2026-03-06T00:00Z", "2026-03-07T00:00Z");
        ticket("3", "waste-overflow", "open", "2026-03-08T00:00Z", "2026-03-09T00:00Z", null);
        ticket("4", "waste-overflow", "withdrawn", "2026-03-08T00:00Z", "2026-03-09T00:00Z", "2026-03-08T01:00Z");
        ticket("5", "waste-fire", "closed", "2026-03-10T00:00Z", "2026-03-10T01:00Z", "2026-03-10T02:00Z");
        ticket("6", "waste-overflow", "closed", "2026-02-28T12:00Z", "2026-03-01T12:00Z", "2026-02-28T18:00Z");
        execute("insert into device (id, profile, enrolled_at) values ('b1', 'generic-bin', '2026-01-01Z'),"
                + " ('b2', 'generic-bin', '2026-01-01Z'), ('b3', 'generic-bin', '2026-05-01Z'),"
                + " ('t1', 'generic-tilt', '2026-01-01Z')");
        execute("insert into datastream (device, quantity, layer, feature_id, unit) values"
                + " ('b1', 'fill_level', 'waste_points', 'W1', '%'), ('b2', 'fill_level', '', '', '%')");
        // Room for any time, in place of the partitions that readings make.
        execute("create table rollup_hour_any partition of rollup_hour default");
        hour("b1", "2026-03-01T00:00Z", 4, 50, 90, 280);
        hour("b1", "2026-03-02T00:00Z", 1, 20, 20, 20);
        hour("b2", "2026-02-01T00:00Z", 1, 10, 10, 10);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void execute(String sql) {
        database.inTransaction(c -> {
            try (Statement s = c.createStatement()) {
                return s.executeUpdate(sql);
            }
        });
    }

    private void ticket(String id, String service, String status, String opened, String due, String resolved) {
        execute("insert into ticket (id, service, status, priority, layer, feature_id, title, opened_at, due_at,"
                + " updated_at, resolved_at) values ('" + id + "', '" + service + "', '" + status
                + "', 'normal', 'waste_points', 'W" + id + "', '{}', '" + opened + "', '" + due + "', '" + opened
                + "', " + (resolved == null ? "null" : "'" + resolved + "'") + ")");
    }

    private void hour(String device, String at, int n, double min, double max, double sum) {
        execute("insert into rollup_hour select id, '" + at + "', " + n + ", " + min + ", " + max + ", " + sum
                + ", 0, 0 from datastream where device = '" + device + "'");
    }

    private OptionalDouble march(Measure measure) {
        return kpis.value(measure, MARCH);
    }

    @Test
    void ticketsAreCountedByWhenTheyWereOpened() {
        assertThat(march(new Measure.TicketsOpened(WASTE))).hasValue(4);
        assertThat(march(new Measure.TicketsOpened(Set.of()))).hasValue(5);
        assertThat(kpis.value(new Measure.TicketsOpened(WASTE), MARCH.previous()))
                .hasValue(1);
    }

    @Test
    void inTimeIsWhatWasResolvedBeforeItWasDueAndWhatWasNeverTrueDoesNotCount() {
        assertThat(march(new Measure.ResolvedInTime(WASTE))).hasValue(50);
        assertThat(march(new Measure.ResolvedInTime(Set.of("waste-fire")))).hasValue(0);
        assertThat(march(new Measure.ResolvedInTime(Set.of("tree-hazard")))).isEmpty();
    }

    @Test
    void theMedianOfTheHoursIsOfWhatWasResolvedInThePeriod() {
        assertThat(march(new Measure.HoursToResolve(WASTE))).hasValue(26);
        assertThat(march(new Measure.HoursToResolve(Set.of()))).hasValue(4);
    }

    @Test
    void aDeviceReportsWhenItHasSaidSomethingInThePeriod() {
        assertThat(march(new Measure.DevicesReporting(Set.of("generic-bin")))).hasValue(50);
        execute("insert into latest select id, '2026-03-31T23:59Z', 1, now(), 0 from datastream where device = 'b2'");
        assertThat(march(new Measure.DevicesReporting(Set.of("generic-bin")))).hasValue(100);
        assertThat(march(new Measure.DevicesReporting(Set.of("generic-tilt")))).hasValue(0);
        assertThat(march(new Measure.DevicesReporting(Set.of("generic-manhole"))))
                .isEmpty();
    }

    @Test
    void readingsCountOnceEachAndHoursOnceEach() {
        Quantity fill = new Quantity("fill_level");
        Optional<String> points = Optional.of("waste_points");
        assertThat(march(new Measure.MeanOf(fill, points))).hasValue(60);
        assertThat(march(new Measure.HoursOver(fill, 80, points))).hasValue(50);
        assertThat(march(new Measure.HoursOver(fill, 90, Optional.empty()))).hasValue(0);
        assertThat(march(new Measure.MeanOf(fill, Optional.of("trees")))).isEmpty();
    }

    @Test
    void aPeriodHasItsLimits() {
        Instant now = MARCH.to();
        assertThatThrownBy(() -> new Period(now, now)).hasMessageContaining("an hour");
        assertThatThrownBy(() -> new Period(now.minus(Duration.ofDays(1_097)), now))
                .hasMessageContaining("1096 days");
    }
}
