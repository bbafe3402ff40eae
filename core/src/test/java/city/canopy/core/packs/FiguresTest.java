package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.kpi.Kpi;
import city.canopy.core.kpi.Schedule;
import city.canopy.devices.profile.PackFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packs' kpis.yaml and schedules.yaml. */
class FiguresTest {
    private static final String KPI = """
            - id: fires
              title: {vi: Cháy, en: Fires}
              unit: "1"
              better: lower
              measure:
                tickets_opened: {services: [waste-fire]}
            """;
    private static final String SCHEDULE = """
            - id: weekly
              title: {vi: Hằng tuần, en: Weekly}
              layer: waste_points
              filter: kind = 'bin'
              collection: {weekdays: [mon]}
            """;

    @TempDir
    Path folder;

    private Packs load(String file, String text) throws IOException {
        Path pack = Files.createDirectories(folder.resolve("more"));
        Files.writeString(pack.resolve("pack.yaml"), "id: more\nversion: 1.0.0\ntitle: {vi: Thêm, en: More}\n");
        Files.writeString(pack.resolve(file), text);
        return Packs.load(Optional.of(folder));
    }

    @Test
    void theFirstPacksBringThreeFiguresEachAndTheirSchedules() {
        Packs packs = Packs.load(Optional.empty());
        assertThat(packs.kpis().stream().collect(Collectors.groupingBy(Kpi::pack, Collectors.counting())))
                .containsOnlyKeys("trees", "waste", "roads")
                .allSatisfy((pack, n) -> assertThat(n).isEqualTo(3));
        assertThat(packs.schedules()).extracting(Schedule::layer).contains("trees", "waste_points");
    }

    @Test
    void aPackOfACityBringsItsOwn() throws IOException {
        assertThat(load("kpis.yaml", KPI).kpis()).extracting(Kpi::id).contains("fires");
        assertThat(load("schedules.yaml", SCHEDULE).schedules())
                .extracting(Schedule::id)
                .contains("weekly");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "waste-fire | nonsense | 6 | no pack brings nonsense",
                "tickets_opened | tickets | 6 | 'tickets' is not known here",
                "lower | smaller | 4 | higher or lower",
                "id: fires | id: Fires | 1 | a KPI is named by",
                "services: | profiles: | 6 | 'profiles' is not known here"
            })
    void aWrongFigureIsRefusedWithItsLine(String right, String wrong, int line, String why) {
        assertThatThrownBy(() -> load("kpis.yaml", KPI.replace(right, wrong)))
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining("kpis.yaml:" + line)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "[mon] | [monday] | 5 | a weekday is",
                "waste_points | nowhere | 3 | no pack brings nowhere",
                "kind = 'bin' | colour = 'red' | 4 | has no attribute colour",
                "collection: {weekdays: [mon]} | inspection: {every_months: 0, first: \"2026-01-01\"} | 5 | 1 to 120",
                "collection: {weekdays: [mon]} | inspection: {every_months: 1, first: \"soon\"} | 5 | a day such as"
            })
    void aWrongScheduleIsRefusedWithItsLine(String right, String wrong, int line, String why) {
        assertThatThrownBy(() -> load("schedules.yaml", SCHEDULE.replace(right, wrong)))
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining("schedules.yaml:" + line)
                .hasMessageContaining(why);
    }
}
