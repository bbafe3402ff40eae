package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeriesQueryTest {
    private static final double DAY = 86_400;
    private static final DeviceId PROBE = new DeviceId("probe");
    private SeriesFixture series;
    private SeriesQuery query;

    @BeforeEach
    void open() throws SQLException {
        series = new SeriesFixture();
        query = new SeriesQuery(series.layout, series.datastreams, series.latest);
    }

    @AfterEach
    void close() throws SQLException {
        series.close();
    }

    private List<String> all(ReadingsFilter first) {
        List<String> all = new ArrayList<>();
        ReadingsFilter filter = first;
        while (true) {
            ReadingsPage page = query.readings(filter, series.clock.instant());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(filter.limit());
            page.items().forEach(r -> all.add(SeriesFixture.shown(Micros.of(r.measuredAt()), r.value())));
            if (page.next() == null) {
                return all;
            }
            filter = new ReadingsFilter(
                    first.device(),
                    first.quantity(),
                    first.from(),
                    first.to(),
                    first.newestFirst(),
                    first.limit(),
                    page.next());
        }
    }

    private static Instant moment(double second) {
        return Micros.instant(SeriesFixture.at(second));
    }

    @Test
    void pagesGoThroughAllReadingsOnceInEitherOrder() throws SQLException {
        Datastream moisture = series.stream("probe");
        Datastream battery = series.stream("probe", "battery");
        List<Sample> samples = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            double second = i < 10 ? -300 * DAY + i : i < 20 ? -9 * DAY + i : -30 + i;
            samples.add(series.sample(moisture, i, second, 0));
            samples.add(series.sample(battery, i + 0.5, second, 0));
            expected.add(SeriesFixture.shown(SeriesFixture.at(second), i));
            expected.add(SeriesFixture.shown(SeriesFixture.at(second), i + 0.5));
        }
        series.append(samples);
        series.append(series.sample(series.stream("other"), 99, 0, 0));
        for (int limit : new int[] {1, 7, 20, 60, 1_000}) {
            assertThat(all(new ReadingsFilter(PROBE, null, null, null, false, limit, null)))
                    .as("oldest first by %d", limit)
                    .isEqualTo(expected);
        }
        Collections.reverse(expected);
        for (int limit : new int[] {1, 7, 20, 60, 1_000}) {
            assertThat(all(new ReadingsFilter(PROBE, null, null, null, true, limit, null)))
                    .as("newest first by %d", limit)
                    .isEqualTo(expected);
        }
    }

    @Test
    void quantityAndSpanNarrowTheReadings() throws SQLException {
        Datastream moisture = series.stream("probe");
        Datastream battery = series.stream("probe", "battery");
        series.append(
                series.sample(moisture, 1, 10, 0),
                series.sample(moisture, 2, 20, 0),
                series.sample(moisture, 3, 30, 0),
                series.sample(battery, 4, 20, 0));
        Quantity quantity = new Quantity("soil_moisture");
        assertThat(all(new ReadingsFilter(PROBE, quantity, moment(20), null, false, 100, null)))
                .containsExactly("20=2.0", "30=3.0");
        assertThat(all(new ReadingsFilter(PROBE, quantity, moment(10), moment(30), true, 100, null)))
                .containsExactly("20=2.0", "10=1.0");
        assertThat(all(new ReadingsFilter(
                        PROBE, quantity, moment(10).plusNanos(1), moment(20).plusNanos(1), true, 100, null)))
                .containsExactly("20=2.0");
        assertThat(all(new ReadingsFilter(PROBE, null, Instant.MIN, Instant.MAX, true, 100, null)))
                .hasSize(4);
        assertThat(all(new ReadingsFilter(PROBE, null, moment(20), moment(10), true, 100, null)))
                .isEmpty();
        assertThat(query.readings(ReadingsFilter.of(new DeviceId("nobody")), series.clock.instant())
                        .items())
                .isEmpty();
        assertThat(query.count(PROBE, moment(20), moment(30))).isEqualTo(2);
        assertThat(query.countAll()).isEqualTo(4);
    }

    @Test
    void readingsThatComeInBetweenDoNotDisturbTheNextPage() throws SQLException {
        Datastream a = series.stream("probe");
        series.append(series.sample(a, 1, 10, 0), series.sample(a, 2, 20, 0), series.sample(a, 3, 30, 0));
        ReadingsPage first =
                query.readings(new ReadingsFilter(PROBE, null, null, null, true, 2, null), series.clock.instant());
        series.append(series.sample(a, 4, 40, 0));
        ReadingsPage second = query.readings(
                new ReadingsFilter(PROBE, null, null, null, true, 2, first.next()), series.clock.instant());
        assertThat(second.items()).extracting(StoredReading::value).containsExactly(1.0);
        assertThat(second.next()).isNull();
    }

    @Test
    void aForeignCursorOrAnImpossibleLimitIsRefused() {
        for (String cursor : List.of("", "x", "1_2_3", "zzzzzzzzzzzzzzzzzzzz_1", "' or 1=1")) {
            series.stream("probe");
            assertThatThrownBy(() -> query.readings(
                            new ReadingsFilter(PROBE, null, null, null, true, 10, cursor), series.clock.instant()))
                    .as(cursor)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new ReadingsFilter(PROBE, null, null, null, true, 1_001, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReadingsFilter(PROBE, null, null, null, true, 0, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLatestOfAFeatureIsTheNewestOfEachQuantityWhoeverMeasured() throws SQLException {
        List<Datastream> two = series.datastreams.resolve(List.of(
                new Datastreams.Key(PROBE, new Quantity("tilt"), 0, "trees", "oak", "deg"),
                new Datastreams.Key(new DeviceId("second"), new Quantity("tilt"), 0, "trees", "oak", "deg"),
                new Datastreams.Key(PROBE, new Quantity("battery"), 0, "trees", "oak", "%")));
        series.append(
                series.sample(two.get(0), 1, 10, 0),
                series.sample(two.get(1), 2, 20, 1),
                series.sample(two.get(2), 90, 5, 2));
        assertThat(query.latest(new Subject("trees", "oak")))
                .extracting(r -> r.stream().quantity() + "=" + r.value())
                .containsExactly("battery=90.0", "tilt=2.0");
        assertThat(query.latest(PROBE)).extracting(StoredReading::value).containsExactlyInAnyOrder(1.0, 90.0);
        assertThat(query.find(two.get(0).id(), moment(10)))
                .get()
                .extracting(StoredReading::quality)
                .isEqualTo(0);
        assertThat(query.find(two.get(0).id(), moment(11))).isEmpty();
    }

    @Test
    void aChartFromRollUpsIsTheSameAsOneFromReadings() throws Exception {
        Datastream a = series.stream("probe");
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            samples.add(series.sample(a, i * 37 % 101, i * 1_000 - 30, 0));
        }
        series.append(samples);
        new SeriesMaintenance(series.layout).run(series.clock.instant());
        for (Duration bucket :
                List.of(Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(3))) {
            List<SeriesBucket> fromReadings = query.buckets(a.id(), moment(-DAY), moment(8 * DAY), bucket);
            assertThat(fromReadings.stream().mapToLong(SeriesBucket::n).sum()).isEqualTo(160);
        }
        List<List<SeriesBucket>> before = charts(a);
        for (int day = 1; day <= 4; day++) {
            series.clock.advance(Duration.ofDays(1));
            new SeriesMaintenance(series.layout).run(series.clock.instant());
            assertThat(charts(a)).as("day %d", day).isEqualTo(before);
        }
        assertThat(series.count("select count(*) from rollup_day")).isPositive();
    }

    private List<List<SeriesBucket>> charts(Datastream a) {
        return List.of(
                query.buckets(a.id(), moment(-DAY), moment(8 * DAY), Duration.ofHours(1)),
                query.buckets(a.id(), moment(-DAY), moment(8 * DAY), Duration.ofHours(6)),
                query.buckets(a.id(), moment(-DAY), moment(8 * DAY), Duration.ofDays(1)),
                query.buckets(a.id(), moment(1_234), moment(100_000), Duration.ofMinutes(15)),
                query.buckets(a.id(), moment(1_234), moment(100_000), Duration.ofDays(7)));
    }

    @Test
    void aChartsBucketsHaveALimitAndAShape() throws SQLException {
        Datastream a = series.stream("probe");
        series.append(series.sample(a, 4, 61, 0), series.sample(a, 2, 62, 0), series.sample(a, 3, 119, 0));
        assertThat(query.buckets(a.id(), moment(60), moment(120), Duration.ofMinutes(1)))
                .containsExactly(new SeriesBucket(moment(60), 3, 2, 4, 3, 4, 3));
        assertThatThrownBy(() -> query.buckets(a.id(), moment(0), moment(DAY), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5000 buckets");
        assertThatThrownBy(() -> query.buckets(a.id(), moment(0), moment(DAY), Duration.ofMinutes(90)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> query.buckets(a.id(), moment(0), moment(DAY), Duration.ofMillis(1_500)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(query.buckets(a.id(), moment(DAY), moment(0), Duration.ofHours(1)))
                .isEmpty();
    }
}
