package city.canopy.core.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.app.CoreConfig;
import city.canopy.core.app.DemoStages;
import city.canopy.core.app.Service;
import city.canopy.core.kpi.Measure;
import city.canopy.core.kpi.Period;
import city.canopy.core.kpi.PgKpis;
import city.canopy.devices.config.ConfigReader;
import city.canopy.devices.model.Quantity;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo with a fortnight behind it: cut off in the middle, gone on with, and not told twice. */
class DemoWithAPastTest {
    private static final int DAYS = 14;

    @TempDir
    Path folder;

    private CoreConfig config() {
        return new ConfigReader(
                        "CANOPY",
                        Map.of(
                                "CANOPY_DATA_DIR", folder.toString(),
                                "CANOPY_HTTP_PORT", "0",
                                "CANOPY_MQTT_PORT", "0",
                                "CANOPY_LWM2M_PORT", "0",
                                "CANOPY_LWM2M_DTLS_PORT", "0",
                                "CANOPY_DATABASE_SHARED_BUFFERS_MB", "64",
                                "CANOPY_DEMO_DEVICES", "150",
                                "CANOPY_DEMO_TREES", "500",
                                "CANOPY_DEMO_HISTORY_DAYS", Integer.toString(DAYS)))
                .read(CoreConfig.class, null);
    }

    private static List<String> ask(Service service, String sql) {
        return service.database().read(connection -> {
            List<String> rows = new ArrayList<>();
            try (Statement select = connection.createStatement();
                    ResultSet found = select.executeQuery(sql)) {
                while (found.next()) {
                    rows.add(found.getString(1));
                }
            }
            return rows;
        });
    }

    private static long count(Service service, String sql) {
        return Long.parseLong(ask(service, sql).get(0));
    }

    @Test
    void aPastIsToldOnceWhateverHappens() throws Exception {
        try (Service service = Service.start(config(), Service.Mode.DEMO)) {
            CountDownLatch under = new CountDownLatch(1);
            Demo demo = Demo.start(DemoStages.stage(service), DemoStages.wish(config()), share -> {
                if (share > 0.3) {
                    under.countDown();
                }
            });
            under.await();
            demo.close();
            assertThat(count(service, "select count(*) from setting where name = 'demo_history'"))
                    .isEqualTo(1);
        }
        Instant told;
        try (Service service = Service.start(config(), Service.Mode.DEMO);
                Demo demo = Demo.start(DemoStages.stage(service), DemoStages.wish(config()), share -> {})) {
            demo.awaitPast();
            told = Instant.parse(ask(service, "select value from setting where name = 'demo_history'")
                    .get(0));
            itIsThereAsIfItHadBeenLive(service, told);
            thingsHappenedInIt(service, told);
            figuresCanBeMadeOfIt(service, told);
        }
        try (Service service = Service.start(config(), Service.Mode.DEMO)) {
            String past = "select count(*) from observation where measured_at < '" + told + "'";
            long before = count(service, past);
            try (Demo demo = Demo.start(DemoStages.stage(service), DemoStages.wish(config()), share -> {
                throw new IllegalStateException("told again");
            })) {
                demo.awaitPast();
            }
            assertThat(count(service, past)).isEqualTo(before);
        }
    }

    @Test
    void aPastThatWouldNotBeKeptIsRefused() {
        CoreConfig config =
                new ConfigReader("CANOPY", Map.of("CANOPY_RETENTION_READINGS", "P30D")).read(CoreConfig.class, null);
        assertThatThrownBy(() -> DemoStages.wish(config))
                .hasMessageContaining("demo.history_days 90 is longer than retention.readings");
    }

    private static void itIsThereAsIfItHadBeenLive(Service service, Instant told) {
        assertThat(count(
                        service,
                        "select count(distinct device) from datastream s where exists (select 1 from"
                                + " observation o where o.datastream_id = s.id and o.measured_at < '" + told + "')"))
                .as("devices with a past")
                .isEqualTo(138);
        assertThat(count(service, "select count(*) from observation where quality <> 0"))
                .isZero();
        assertThat(count(service, "select count(*) from quarantine")).isZero();
        assertThat(count(service, "select count(*) from rollup_late")).isZero();
        long days = count(service, "select count(distinct bucket) from rollup_day");
        assertThat(days).isBetween(DAYS - 1L, DAYS + 1L);
        assertThat(count(
                        service,
                        "select (select sum(n) from rollup_hour) - (select count(*) from observation"
                                + " where measured_at < (select until from rollup_mark))"))
                .isZero();
    }

    private static void thingsHappenedInIt(Service service, Instant told) {
        String past = " from ticket where opened_at < '" + told + "'";
        assertThat(ask(service, "select distinct service" + past))
                .contains(
                        "waste-overflow",
                        "waste-fire",
                        "tree-watering",
                        "tree-hazard",
                        "road-flood",
                        "manhole-open",
                        "road-washing",
                        "device-check");
        assertThat(ask(service, "select distinct status" + past)).contains("closed");
        assertThat(count(
                        service,
                        "select count(*)" + past + " and status = 'closed' and (assignee is null"
                                + " or resolved_at < opened_at or closed_at < resolved_at)"))
                .as("closed by nobody, or before it was done")
                .isZero();
        assertThat(count(
                        service,
                        "select count(*) from ticket_event e join ticket t on t.id = e.ticket"
                                + " where t.opened_at < '" + told + "' and e.at > '" + told + "'"))
                .as("the past is over")
                .isZero();
        assertThat(count(
                        service,
                        "select count(*) from (select layer, feature_id, service" + past
                                + " group by 1, 2, 3, opened_at having count(*) > 1) twice"))
                .isZero();
        assertThat(count(
                        service,
                        "select count(*) from ticket_event where kind = 'assigned'"
                                + " group by ticket order by 1 desc limit 1"))
                .as("nothing is done twice")
                .isEqualTo(1);
    }

    private static void figuresCanBeMadeOfIt(Service service, Instant told) {
        PgKpis figures = new PgKpis(service.database());
        for (int days : new int[] {7, 30, 90}) {
            Period period = new Period(told.minus(Duration.ofDays(days)), told);
            assertThat(figures.value(new Measure.HoursToResolve(Set.of()), period))
                    .isPresent();
            assertThat(figures.value(new Measure.ResolvedInTime(Set.of()), period))
                    .isPresent();
            assertThat(figures.value(new Measure.MeanOf(new Quantity("soil_moisture"), Optional.of("trees")), period)
                            .getAsDouble())
                    .isBetween(20.0, 60.0);
        }
    }
}
