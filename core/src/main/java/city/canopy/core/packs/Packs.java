package city.canopy.core.packs;

import city.canopy.core.kpi.Kpi;
import city.canopy.core.kpi.Schedule;
import city.canopy.core.rules.RuleText;
import city.canopy.core.rules.Vocabulary;
import city.canopy.devices.profile.PackFileException;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.geo.attach.AttachRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that the loaded packs bring, checked as a whole. Immutable; any thread. */
public final class Packs {
    private final Map<String, Pack> packs;
    private final QuantityCatalog quantities;
    private final Profiles profiles;
    private final Map<String, PackLayer> layers;
    private final Map<String, TicketService> services;
    private final Map<String, List<AttachRule>> attach;
    private final Map<String, Map<String, String>> texts;
    private final List<RuleText> rules;
    private final List<Kpi> kpis;
    private final List<Schedule> schedules;
    private final Map<String, PackMapping> mappings;
    private final Vocabulary vocabulary;

    Packs(PackReader read) {
        this.packs = Collections.unmodifiableMap(read.packs);
        this.quantities = Objects.requireNonNull(read.quantities, "quantities");
        this.profiles = Objects.requireNonNull(read.profiles, "profiles");
        this.layers = Collections.unmodifiableMap(read.layers);
        this.services = Collections.unmodifiableMap(read.services);
        this.attach = Collections.unmodifiableMap(read.attach);
        this.texts = Collections.unmodifiableMap(read.texts);
        this.rules = List.copyOf(read.rules);
        this.kpis = List.copyOf(read.kpis);
        this.schedules = List.copyOf(read.schedules);
        this.mappings = Collections.unmodifiableMap(read.mappings);
        this.vocabulary = words();
    }

    private Vocabulary words() {
        Map<String, Map<String, String>> titles = new HashMap<>();
        Map<String, Map<String, String>> attributes = new HashMap<>();
        for (PackLayer layer : layers.values()) {
            titles.put(layer.name(), layer.title());
            layer.attributes().forEach(each -> attributes.put(layer.name() + "." + each.name(), each.title()));
        }
        Map<String, Map<String, String>> things = new HashMap<>();
        profiles.list().forEach(profile -> things.put(profile.id(), profile.title()));
        schedules.forEach(schedule -> things.put(schedule.id(), schedule.title()));
        return new Vocabulary(quantities, titles, attributes, texts, things);
    }

    /**
     * Loads the packs that the program brings, then those of a folder. No name may come twice: what a city wants
     * otherwise it brings under a name of its own.
     *
     * @param folder the folder of further packs, one folder each; it need not exist
     * @throws PackFileException when a file is wrong, with its name, line and remedy; further ones are suppressed in it
     */
    public static Packs load(Optional<Path> folder) {
        List<PackFolder> own = folder.map(PackFolder::below).orElse(List.of());
        List<PackFolder> all = new ArrayList<>(PackFolder.builtIn());
        all.addAll(own);
        PackReader reader = new PackReader().read(all);
        if (!reader.problems.isEmpty()) {
            throw first(reader.problemsWithShapes(own));
        }
        return new Packs(reader);
    }

    /** The first problem, with the others suppressed in it. */
    private static PackFileException first(List<PackFileException> problems) {
        PackFileException first = problems.get(0);
        problems.stream().skip(1).forEach(first::addSuppressed);
        return first;
    }

    /**
     * Reads a pack, or a folder of packs, beside those that the program brings, and goes on where something is wrong.
     *
     * @param folder one that holds a {@code pack.yaml}, or whose folders do
     */
    public static PackCheck check(Path folder) {
        List<PackFolder> own = PackFolder.at(folder);
        List<PackFolder> all = new ArrayList<>(PackFolder.builtIn());
        all.addAll(own);
        PackReader reader = new PackReader().read(all);
        return new PackCheck(
                own.stream().map(PackFolder::id).toList(), new Packs(reader), reader.problemsWithShapes(own));
    }

    public Collection<Pack> list() {
        return packs.values();
    }

    public QuantityCatalog quantities() {
        return quantities;
    }

    public Profiles profiles() {
        return profiles;
    }

    public Collection<PackLayer> layers() {
        return layers.values();
    }

    public Optional<PackLayer> findLayer(String name) {
        return Optional.ofNullable(layers.get(name));
    }

    /** The ticket services, by id. */
    public Map<String, TicketService> services() {
        return services;
    }

    /** The rules, each in the version 1 and with its text; {@code PgRuleVersions} gives them their true versions. */
    public List<RuleText> rules() {
        return rules;
    }

    /** The figures, in the order of the packs. */
    public List<Kpi> kpis() {
        return kpis;
    }

    /** What comes again and again, in the order of the packs. */
    public List<Schedule> schedules() {
        return schedules;
    }

    /** How files become layers, in the order of the packs. */
    public Collection<PackMapping> mappings() {
        return mappings.values();
    }

    /**
     * The mapping of this name for a layer.
     *
     * @throws IllegalArgumentException when there is none; it names those that there are
     */
    public PackMapping mapping(String id, String layer) {
        PackMapping mapping = mappings.get(id);
        if (mapping == null || !mapping.layer().equals(layer)) {
            List<String> known = mappings.values().stream()
                    .filter(each -> each.layer().equals(layer))
                    .map(PackMapping::id)
                    .toList();
            throw new IllegalArgumentException("there is no mapping " + id + " for the layer " + layer
                    + (known.isEmpty() ? "" : "; there are " + String.join(", ", known)));
        }
        return mapping;
    }

    /** What devices of a profile may be meant to speak about, the likeliest first; empty for nothing. */
    public List<AttachRule> attachRules(String profile) {
        return attach.getOrDefault(profile, List.of());
    }

    /** What people call all that rules name. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** What the values of an attribute or a quantity are called, by value; empty where nobody has said. */
    public Map<String, Map<String, String>> valueTexts(String name) {
        Map<String, Map<String, String>> found = new TreeMap<>();
        texts.forEach((key, title) -> {
            if (key.startsWith(name + ".")) {
                found.put(key.substring(name.length() + 1), title);
            }
        });
        return found;
    }

    /** Further texts for people, by key, then by language. */
    public Map<String, Map<String, String>> texts() {
        return texts;
    }
}
