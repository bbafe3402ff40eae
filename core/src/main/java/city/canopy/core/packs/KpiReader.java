package city.canopy.core.packs;

import city.canopy.core.kpi.Kpi;
import city.canopy.core.kpi.Measure;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.profile.PackYaml;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a pack's {@code kpis.yaml}, a list of
 *
 * <pre>
 * - id: waste-in-time
 *   title: {vi: …, en: …}
 *   unit: "%"                # UCUM; "1" for a count
 *   better: higher           # or lower
 *   target: 90               # may be left out
 *   measure:                 # exactly one of
 *     tickets_opened: {services: [waste-overflow]}     # a count
 *     resolved_in_time: {services: [waste-overflow]}   # %
 *     hours_to_resolve: {services: [waste-overflow]}   # h, the median
 *     devices_reporting: {profiles: [generic-bin]}     # %
 *     mean: {quantity: fill_level, layer: waste_points}
 *     hours_over: {quantity: fill_level, limit: 80, layer: waste_points}   # %
 * </pre>
 *
 * Lists may be left out or empty for all, {@code layer} may be left out. Names are checked against what the packs bring.
 */
final class KpiReader {
    private static final Set<String> MEASURES =
            Set.of("tickets_opened", "resolved_in_time", "hours_to_resolve", "devices_reporting", "mean", "hours_over");

    private final Set<String> services;
    private final Set<String> profiles;
    private final Set<String> quantities;
    private final Set<String> layers;

    /** What may be named. */
    KpiReader(Set<String> services, Set<String> profiles, Set<String> quantities, Set<String> layers) {
        this.services = Set.copyOf(services);
        this.profiles = Set.copyOf(profiles);
        this.quantities = Set.copyOf(quantities);
        this.layers = Set.copyOf(layers);
    }

    List<Kpi> read(String pack, PackYaml yaml) {
        List<Kpi> kpis = new ArrayList<>();
        for (PackYaml each : yaml.list()) {
            each.map(Set.of("id", "title", "unit", "better", "target", "measure"));
            try {
                kpis.add(new Kpi(
                        each.get("id").text(),
                        pack,
                        each.get("title").title(),
                        each.get("unit").text(),
                        better(each.get("better")),
                        each.find("target").map(PackYaml::number),
                        measure(each.get("measure"))));
            } catch (IllegalArgumentException e) {
                throw each.problem(e.getMessage() + "; mend it");
            }
        }
        return kpis;
    }

    private static Kpi.Better better(PackYaml yaml) {
        for (Kpi.Better better : Kpi.Better.values()) {
            if (better.wire().equals(yaml.text())) {
                return better;
            }
        }
        throw yaml.problem("'better' is higher or lower, not " + yaml.text());
    }

    private Measure measure(PackYaml yaml) {
        Map<String, PackYaml> one = yaml.map(MEASURES);
        if (one.size() != 1) {
            throw yaml.problem("'measure' names exactly one of " + String.join(", ", new TreeSet<>(MEASURES)));
        }
        Map.Entry<String, PackYaml> only = one.entrySet().iterator().next();
        PackYaml about = only.getValue();
        return switch (only.getKey()) {
            case "tickets_opened" -> new Measure.TicketsOpened(names(about, "services", services));
            case "resolved_in_time" -> new Measure.ResolvedInTime(names(about, "services", services));
            case "hours_to_resolve" -> new Measure.HoursToResolve(names(about, "services", services));
            case "devices_reporting" -> new Measure.DevicesReporting(names(about, "profiles", profiles));
            case "mean" -> {
                about.map(Set.of("quantity", "layer"));
                yield new Measure.MeanOf(quantity(about), layer(about));
            }
            default -> {
                about.map(Set.of("quantity", "limit", "layer"));
                yield new Measure.HoursOver(quantity(about), about.get("limit").number(), layer(about));
            }
        };
    }

    private static Set<String> names(PackYaml yaml, String key, Set<String> known) {
        yaml.map(Set.of(key));
        Set<String> names = new HashSet<>();
        for (PackYaml name : yaml.find(key).map(PackYaml::list).orElse(List.of())) {
            names.add(known(name, known));
        }
        return names;
    }

    private Quantity quantity(PackYaml yaml) {
        return new Quantity(known(yaml.get("quantity"), quantities));
    }

    private Optional<String> layer(PackYaml yaml) {
        return yaml.find("layer").map(layer -> known(layer, layers));
    }

    static String known(PackYaml name, Set<String> known) {
        if (!known.contains(name.text())) {
            throw name.problem("no pack brings " + name.text() + "; there are "
                    + String.join(", ", new TreeSet<>(known)) + "; mend its name");
        }
        return name.text();
    }
}
