package city.canopy.core.packs;

import city.canopy.core.layers.file.ColumnText;
import city.canopy.devices.profile.PackYaml;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.OsmTags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a pack's {@code mappings.yaml}, a list of
 *
 * <pre>
 * - id: inventory-de
 *   title: {vi: …, en: …}
 *   layer: trees
 *   feature_id: baumId        # the file's attribute with the id; may be left out
 *   others: drop              # attributes that no column takes: keep (the rule) or drop
 *   columns:
 *     - {name: species, from: art, values: {"Ahorn": Phong}}
 *     - {name: diameter_cm, from: umfang, girth: true}       # a trunk's girth becomes its diameter
 *     - {name: height_m, from: height, unit: ft&gt;m}        # UCUM codes, or in and ft
 *   tags: {natural: [tree]}   # objects of OpenStreetMap with one of these; * for every value
 *   closed_ways: areas        # or lines, the rule
 * </pre>
 *
 * The names of columns are checked against the layer's attributes and those that every feature may have.
 */
final class MappingReader {
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,63}";
    /** What every feature may have, whatever its layer. */
    private static final Set<String> EVERYWHERE =
            Set.of("accuracy_m", "source", "surveyed_on", "valid_from", "valid_to");

    private final Map<String, PackLayer> layers;

    MappingReader(Map<String, PackLayer> layers) {
        this.layers = Map.copyOf(layers);
    }

    List<PackMapping> read(String pack, PackYaml yaml) {
        List<PackMapping> mappings = new ArrayList<>();
        for (PackYaml each : yaml.list()) {
            each.map(Set.of("id", "title", "layer", "feature_id", "others", "columns", "tags", "closed_ways"));
            PackYaml id = each.get("id");
            if (!id.text().matches(NAME)) {
                throw id.problem("a mapping is named by " + NAME + ", not \"" + id.text() + "\"; rename it");
            }
            PackLayer layer = layers.get(KpiReader.known(each.get("layer"), layers.keySet()));
            mappings.add(new PackMapping(
                    id.text(),
                    pack,
                    each.get("title").title(),
                    layer.name(),
                    new AttributeMapping(
                            each.find("feature_id").map(PackYaml::text), columns(each, layer), keepsOthers(each)),
                    tags(each)));
        }
        return mappings;
    }

    private static boolean keepsOthers(PackYaml yaml) {
        return yaml.find("others").map(others -> word(others, "keep", "drop")).orElse(true);
    }

    /** Whether it is the first of two words. */
    private static boolean word(PackYaml yaml, String first, String second) {
        if (!yaml.text().equals(first) && !yaml.text().equals(second)) {
            throw yaml.problem(yaml.name() + " is " + first + " or " + second + ", not " + yaml.text());
        }
        return yaml.text().equals(first);
    }

    private static List<AttributeMapping.Column> columns(PackYaml yaml, PackLayer layer) {
        List<AttributeMapping.Column> columns = new ArrayList<>();
        for (PackYaml each : yaml.find("columns").map(PackYaml::list).orElse(List.of())) {
            each.map(Set.of("name", "from", "girth", "unit", "values"));
            PackYaml name = each.get("name");
            TreeSet<String> known = new TreeSet<>(EVERYWHERE);
            layer.attributes().forEach(attribute -> known.add(attribute.name()));
            if (!known.contains(name.text())) {
                throw name.problem("the layer " + layer.name() + " has no attribute " + name.text() + "; there are "
                        + String.join(", ", known));
            }
            if (columns.stream().anyMatch(column -> column.name().equals(name.text()))) {
                throw name.problem("the attribute " + name.text() + " comes twice; remove one of them");
            }
            columns.add(
                    new AttributeMapping.Column(name.text(), each.get("from").text(), factor(each), values(each)));
        }
        return columns;
    }

    private static double factor(PackYaml column) {
        double factor = column.find("girth").map(PackYaml::bool).orElse(false) ? 1 / Math.PI : 1;
        Optional<PackYaml> unit = column.find("unit");
        if (unit.isEmpty()) {
            return factor;
        }
        String[] both = unit.get().text().split(">");
        if (both.length != 2) {
            throw unit.get()
                    .problem("'unit' is written FROM>TO, such as in>cm, not "
                            + unit.get().text());
        }
        try {
            return factor * ColumnText.factor(both[0].strip(), both[1].strip());
        } catch (IllegalArgumentException e) {
            throw unit.get().problem(e.getMessage());
        }
    }

    private static Map<String, String> values(PackYaml column) {
        Map<String, String> values = new LinkedHashMap<>();
        column.find("values").ifPresent(table -> table.map().forEach((from, to) -> values.put(from, to.text())));
        return values;
    }

    private static Optional<OsmTags> tags(PackYaml yaml) {
        boolean areas = yaml.find("closed_ways")
                .map(ways -> word(ways, "areas", "lines"))
                .orElse(false);
        if (yaml.find("tags").isEmpty()) {
            return Optional.empty();
        }
        Map<String, Set<String>> any = new LinkedHashMap<>();
        yaml.get("tags").map().forEach((key, list) -> {
            Set<String> values = new TreeSet<>();
            list.list().forEach(value -> values.add(value.text()));
            if (values.isEmpty()) {
                throw list.problem("the tag " + key + " has no values; write [\"*\"] for every one");
            }
            any.put(key, values);
        });
        return Optional.of(new OsmTags(any, areas));
    }
}
