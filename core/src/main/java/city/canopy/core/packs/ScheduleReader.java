package city.canopy.core.packs;

import city.canopy.core.kpi.Schedule;
import city.canopy.devices.profile.PackYaml;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.ConditionException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a pack's {@code schedules.yaml}, a list of
 *
 * <pre>
 * - id: collect-bins
 *   title: {vi: …, en: …}
 *   layer: waste_points
 *   filter: kind = 'bin'                       # may be left out for all features
 *   collection: {weekdays: [mon, wed, fri]}    # this,
 *   inspection: {every_months: 6, first: "2026-01-15"}   # or this
 * </pre>
 *
 * The filter may speak of the layer's attributes only.
 */
final class ScheduleReader {
    private final Map<String, PackLayer> layers;

    ScheduleReader(Map<String, PackLayer> layers) {
        this.layers = Map.copyOf(layers);
    }

    List<Schedule> read(String pack, PackYaml yaml) {
        List<Schedule> schedules = new ArrayList<>();
        for (PackYaml each : yaml.list()) {
            each.map(Set.of("id", "title", "layer", "filter", "collection", "inspection"));
            String layer = KpiReader.known(each.get("layer"), layers.keySet());
            try {
                schedules.add(new Schedule(
                        each.get("id").text(),
                        pack,
                        each.get("title").title(),
                        layer,
                        each.find("filter").map(filter -> filter(filter, layers.get(layer))),
                        rhythm(each)));
            } catch (IllegalArgumentException e) {
                throw each.problem(e.getMessage() + "; mend it");
            }
        }
        return schedules;
    }

    private static Schedule.Rhythm rhythm(PackYaml yaml) {
        if (yaml.find("collection").isPresent() == yaml.find("inspection").isPresent()) {
            throw yaml.problem("a schedule has either 'collection' or 'inspection'; write one of them");
        }
        if (yaml.find("collection").isPresent()) {
            PackYaml collection = yaml.get("collection");
            collection.map(Set.of("weekdays"));
            Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            collection.get("weekdays").list().forEach(day -> days.add(weekday(day)));
            return new Schedule.Collection(days);
        }
        PackYaml inspection = yaml.get("inspection");
        inspection.map(Set.of("every_months", "first"));
        PackYaml first = inspection.get("first");
        try {
            return new Schedule.Inspection(
                    inspection.get("every_months").integer(1, 120), LocalDate.parse(first.text()));
        } catch (DateTimeParseException e) {
            throw first.problem("'first' is a day such as \"2026-01-15\", in quotes");
        }
    }

    private static DayOfWeek weekday(PackYaml yaml) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(yaml.text())) {
                return day;
            }
        }
        throw yaml.problem("a weekday is mon, tue, wed, thu, fri, sat or sun, not " + yaml.text());
    }

    private static String filter(PackYaml yaml, PackLayer layer) {
        Condition condition;
        try {
            condition = Condition.parse(yaml.text());
        } catch (ConditionException e) {
            throw yaml.problem("the filter cannot be read, " + e.getMessage());
        }
        List<String> known = layer.attributes().stream()
                .map(PackLayer.Attribute::name)
                .sorted()
                .toList();
        for (String name : condition.names()) {
            if (!known.contains(name)) {
                throw yaml.problem("the layer " + layer.name() + " has no attribute " + name + "; there are "
                        + String.join(", ", known));
            }
        }
        return condition.text();
    }
}
