package city.canopy.core.packs;

import city.canopy.core.kpi.Kpi;
import city.canopy.core.kpi.Schedule;
import city.canopy.core.rules.Priority;
import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleText;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.PackFileException;
import city.canopy.devices.profile.PackYaml;
import city.canopy.devices.profile.ProfileReader;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.geo.attach.AttachRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads pack folders into one whole: first what others refer to, then what refers to it. What is wrong in one place keeps
 * nothing else from being read, so that all problems are known at once. Used once.
 */
final class PackReader {
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,63}";
    private static final double MAX_ATTACH_METERS = 10_000;

    final Map<String, Pack> packs = new LinkedHashMap<>();
    final Map<String, PackLayer> layers = new LinkedHashMap<>();
    final Map<String, TicketService> services = new LinkedHashMap<>();
    final Map<String, List<AttachRule>> attach = new LinkedHashMap<>();
    final Map<String, Map<String, String>> texts = new LinkedHashMap<>();
    final List<RuleText> rules = new ArrayList<>();
    final List<Kpi> kpis = new ArrayList<>();
    final List<Schedule> schedules = new ArrayList<>();
    final Map<String, PackMapping> mappings = new LinkedHashMap<>();
    final List<PackFileException> problems = new ArrayList<>();
    QuantityCatalog quantities;
    Profiles profiles;

    /** Which file brought a name, to be told when it comes again. */
    private final Map<String, String> brought = new LinkedHashMap<>();

    PackReader read(List<PackFolder> folders) {
        quantities = readQuantities(folders);
        profiles = readProfiles(folders);
        for (PackFolder folder : folders) {
            collect(() -> readPack(folder, folder.yaml("pack.yaml").orElseThrow()));
            collect(() -> folder.yaml("services.yaml").ifPresent(services -> readServices(folder.id(), services)));
            collect(() -> folder.yaml("texts.yaml").ifPresent(this::readTexts));
        }
        for (PackFolder folder : folders) {
            collect(() -> folder.yaml("pack.yaml").orElseThrow().find("attach").ifPresent(this::readAttach));
        }
        readSchedules(folders);
        readMappings(folders);
        RuleReader reader = new RuleReader(quantities, layers, services, profiles, schedules);
        for (PackFolder folder : folders) {
            for (String file : folder.yamlFiles("rules")) {
                collect(() -> rules.add(readRule(folder, file, reader)));
            }
        }
        readFigures(folders);
        return this;
    }

    /**
     * What is wrong, with all that is wrong with the shape of these packs' files: a reader stops at the first problem of
     * a file, a schema does not. Of two about one name on
     * the same line the reader's is told, which knows more.
     */
    List<PackFileException> problemsWithShapes(List<PackFolder> own) {
        Map<String, List<PackFileException>> byFile = new LinkedHashMap<>();
        problems.forEach(each ->
                byFile.computeIfAbsent(each.file(), file -> new ArrayList<>()).add(each));
        for (PackFolder folder : own) {
            for (PackFileException shape : PackSchemas.problems(folder)) {
                List<PackFileException> told = byFile.computeIfAbsent(shape.file(), file -> new ArrayList<>());
                if (told.stream().noneMatch(each -> isSame(each, shape))) {
                    told.add(shape);
                }
            }
        }
        return byFile.values().stream()
                .flatMap(list -> list.stream().sorted(Comparator.comparingInt(PackFileException::line)))
                .toList();
    }

    private static boolean isSame(PackFileException told, PackFileException shape) {
        String[] quoted = shape.getMessage().split("'", 3);
        return told.line() == shape.line()
                && (quoted.length < 3 || told.getMessage().contains(quoted[1]));
    }

    /** Does a part, and keeps what is wrong with it. A file that is read for two reasons is told of once. */
    private void collect(Runnable part) {
        try {
            part.run();
        } catch (PackFileException e) {
            if (problems.stream().noneMatch(each -> each.getMessage().equals(e.getMessage()))) {
                problems.add(e);
            }
        }
    }

    private void readFigures(List<PackFolder> folders) {
        Set<String> named =
                quantities.list().stream().map(spec -> spec.quantity().name()).collect(Collectors.toSet());
        Set<String> types = profiles.list().stream().map(DeviceProfile::id).collect(Collectors.toSet());
        KpiReader kpiReader = new KpiReader(services.keySet(), types, named, layers.keySet());
        for (PackFolder folder : folders) {
            collect(() -> folder.yaml("kpis.yaml")
                    .ifPresent(yaml -> kpiReader.read(folder.id(), yaml).forEach(kpi -> {
                        once("KPI", kpi.id(), yaml);
                        kpis.add(kpi);
                    })));
        }
    }

    private void readSchedules(List<PackFolder> folders) {
        ScheduleReader scheduleReader = new ScheduleReader(layers);
        for (PackFolder folder : folders) {
            collect(() -> folder.yaml("schedules.yaml")
                    .ifPresent(yaml -> scheduleReader.read(folder.id(), yaml).forEach(schedule -> {
                        once("schedule", schedule.id(), yaml);
                        schedules.add(schedule);
                    })));
        }
    }

    private void readMappings(List<PackFolder> folders) {
        MappingReader mappingReader = new MappingReader(layers);
        for (PackFolder folder : folders) {
            collect(() -> folder.yaml("mappings.yaml")
                    .ifPresent(yaml -> mappingReader.read(folder.id(), yaml).forEach(mapping -> {
                        once("mapping", mapping.id(), yaml);
                        mappings.put(mapping.id(), mapping);
                    })));
        }
    }

    private void once(String kind, String name, PackYaml where) {
        once(kind, name, where.file(), where.line());
    }

    private void once(String kind, String name, String file, int line) {
        String before = brought.putIfAbsent(kind + " " + name, file);
        if (before != null) {
            throw new PackFileException(
                    file, line, "the " + kind + " " + name + " is already in " + before + "; give it another name");
        }
    }

    private QuantityCatalog readQuantities(List<PackFolder> folders) {
        List<QuantitySpec> all = new ArrayList<>();
        for (PackFolder folder : folders) {
            String file = folder.shown() + "/quantities.yaml";
            collect(() -> {
                for (QuantitySpec spec : folder.read("quantities.yaml", ProfileReader::quantities)
                        .orElse(List.of())) {
                    once("quantity", spec.quantity().name(), file, 1);
                    all.add(spec);
                }
            });
        }
        return new QuantityCatalog(all);
    }

    private Profiles readProfiles(List<PackFolder> folders) {
        List<DeviceProfile> all = new ArrayList<>();
        for (PackFolder folder : folders) {
            for (String file : folder.yamlFiles("profiles")) {
                collect(() -> all.add(readProfile(folder, file)));
            }
        }
        return new Profiles(all);
    }

    private DeviceProfile readProfile(PackFolder folder, String file) {
        DeviceProfile profile = folder.read(file, (shown, in) -> ProfileReader.profile(shown, in, quantities))
                .orElseThrow();
        once("profile", profile.id(), folder.shown() + "/" + file, 1);
        if (!file.equals("profiles/" + profile.id() + ".yaml")) {
            throw new PackFileException(
                    folder.shown() + "/" + file,
                    1,
                    "the file of the profile " + profile.id() + " must be called " + profile.id()
                            + ".yaml; rename one of them");
        }
        return profile;
    }

    private void readPack(PackFolder folder, PackYaml yaml) {
        yaml.map(Set.of("id", "version", "title", "layers", "attach"));
        PackYaml id = yaml.get("id");
        if (!id.text().matches(NAME) || !id.text().equals(folder.id())) {
            throw id.problem(
                    "a pack is named by " + NAME + " and as its folder, " + folder.id() + "; rename one of them");
        }
        once("pack", id.text(), id);
        packs.put(
                id.text(),
                new Pack(
                        id.text(), yaml.get("version").text(), yaml.get("title").title()));
        for (PackYaml layer : yaml.find("layers").map(PackYaml::list).orElse(List.of())) {
            collect(() -> readLayer(folder, layer));
        }
    }

    private void readLayer(PackFolder folder, PackYaml yaml) {
        yaml.map(Set.of("name", "kind", "title", "public", "attributes"));
        PackYaml name = yaml.get("name");
        if (!name.text().matches("[a-z][a-z0-9_]{0,62}")) {
            throw name.problem("a layer is named by [a-z][a-z0-9_]{0,62}, not \"" + name.text() + "\"; rename it");
        }
        once("layer", name.text(), name);
        PackYaml kind = yaml.get("kind");
        PackLayer.Kind found = null;
        for (PackLayer.Kind each : PackLayer.Kind.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(kind.text())) {
                found = each;
            }
        }
        if (found == null) {
            throw kind.problem("a layer's kind is point, line, polygon or any, not " + kind.text());
        }
        List<PackLayer.Attribute> attributes = new ArrayList<>();
        for (PackYaml each : yaml.find("attributes").map(PackYaml::list).orElse(List.of())) {
            attributes.add(readAttribute(each));
        }
        layers.put(
                name.text(),
                new PackLayer(
                        name.text(),
                        folder.id(),
                        found,
                        yaml.get("title").title(),
                        yaml.find("public").map(PackYaml::bool).orElse(false),
                        attributes,
                        folder.layerContent(name.text())));
    }

    private static PackLayer.Attribute readAttribute(PackYaml yaml) {
        yaml.map(Set.of("name", "type", "title"));
        PackYaml type = yaml.get("type");
        if (!Set.of("text", "number", "boolean", "date").contains(type.text())) {
            throw type.problem("an attribute's type is text, number, boolean or date, not " + type.text());
        }
        return new PackLayer.Attribute(
                yaml.get("name").text(), type.text(), yaml.get("title").title());
    }

    private void readAttach(PackYaml yaml) {
        yaml.map().forEach((profile, list) -> {
            if (profiles.find(profile).isEmpty()) {
                throw list.problem("no pack brings a profile " + profile + "; mend its name");
            }
            for (PackYaml each : list.list()) {
                each.map(Set.of("layer", "within_m"));
                PackYaml layer = each.get("layer");
                PackYaml within = each.get("within_m");
                if (!layers.containsKey(layer.text())) {
                    throw layer.problem("no pack brings a layer " + layer.text() + "; mend its name");
                }
                if (within.number() < 0 || within.number() > MAX_ATTACH_METERS) {
                    throw within.problem("'within_m' must be 0 to 10000 metres");
                }
                once("attachment", profile + " to " + layer.text(), layer);
                attach.computeIfAbsent(profile, key -> new ArrayList<>())
                        .add(new AttachRule(layer.text(), within.number()));
            }
        });
    }

    private void readServices(String pack, PackYaml yaml) {
        for (PackYaml each : yaml.list()) {
            collect(() -> readService(pack, each));
        }
    }

    private void readService(String pack, PackYaml yaml) {
        yaml.map(Set.of("id", "title", "target", "priority"));
        PackYaml id = yaml.get("id");
        if (!id.text().matches(NAME)) {
            throw id.problem("a service is named by " + NAME + ", not \"" + id.text() + "\"; rename it");
        }
        once("service", id.text(), id);
        Priority priority = yaml.find("priority").map(PackReader::priority).orElse(Priority.NORMAL);
        Duration target = yaml.get("target").duration(Duration.ofMinutes(1), Duration.ofDays(366));
        services.put(
                id.text(), new TicketService(id.text(), pack, yaml.get("title").title(), target, priority));
    }

    static Priority priority(PackYaml yaml) {
        Optional<Priority> priority = Priority.find(yaml.text());
        return priority.orElseThrow(
                () -> yaml.problem("a priority is low, normal, high or urgent, not " + yaml.text()));
    }

    private void readTexts(PackYaml yaml) {
        yaml.map()
                .forEach((key, value) -> collect(() -> {
                    once("text", key, value);
                    texts.put(key, value.title());
                }));
    }

    private RuleText readRule(PackFolder folder, String file, RuleReader reader) {
        return folder.read(file, (shown, in) -> {
                    String text = PackYaml.text(shown, in);
                    PackYaml yaml = PackYaml.of(shown, text);
                    Rule rule = reader.read(yaml);
                    once("rule", rule.id(), yaml.get("id"));
                    return new RuleText(folder.id(), rule, text);
                })
                .orElseThrow();
    }
}
