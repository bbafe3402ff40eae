package city.canopy.core.packs;

import city.canopy.core.rules.Rule;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.PackFileException;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.geo.attach.AttachRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All packs: those that come with Canopy and those below {@code data.dir/packs}. Immutable. A name that two packs bring
 * is an error, not a replacement.
 */
public final class Packs {
    private final List<Pack> packs;
    private final Map<String, PackFolder> folders;
    private final QuantityCatalog quantities;
    private final Profiles profiles;
    private final Map<String, TicketService> services = new LinkedHashMap<>();
    private final Map<String, List<AttachRule>> attach = new HashMap<>();

    private Packs(List<Pack> packs, Map<String, PackFolder> folders, QuantityCatalog quantities) {
        this.packs = List.copyOf(packs);
        this.folders = Map.copyOf(folders);
        this.quantities = quantities;
        List<DeviceProfile> all = new ArrayList<>();
        for (Pack pack : packs) {
            all.addAll(pack.contents().profiles());
            pack.contents().services().forEach(service -> services.put(service.id(), service));
            pack.contents().attach().forEach((profile, rules) -> attach.merge(profile, rules, Packs::joined));
        }
        this.profiles = new Profiles(all);
    }

    private static List<AttachRule> joined(List<AttachRule> some, List<AttachRule> more) {
        List<AttachRule> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /**
     * Reads them all.
     *
     * @param own the folder that may hold the installation's own packs; it need not exist
     * @throws PackFileException naming file, line and remedy
     */
    public static Packs load(Path own) {
        List<PackFolder> folders = new ArrayList<>(PackFolder.builtIn());
        folders.addAll(PackFolder.below(own));
        try {
            return read(folders);
        } catch (IOException e) {
            throw new UncheckedIOException("a pack's file cannot be read: " + e.getMessage(), e);
        }
    }

    private static Packs read(List<PackFolder> folders) throws IOException {
        List<PackReader> readers = new ArrayList<>();
        List<QuantitySpec> specs = new ArrayList<>();
        Map<String, TicketService> services = new HashMap<>();
        Set<String> layers = new LinkedHashSet<>();
        for (PackFolder folder : folders) {
            PackReader reader = new PackReader(folder);
            readers.add(reader);
            specs.addAll(reader.quantities);
            for (TicketService service : reader.services) {
                once(services.put(service.id(), service) == null, folder, "ticket service " + service.id());
            }
            for (Pack.PackLayer layer : reader.layers) {
                once(layers.add(layer.name()), folder, "layer " + layer.name());
            }
        }
        QuantityCatalog catalog = new QuantityCatalog(specs);
        List<Pack> packs = new ArrayList<>();
        Map<String, PackFolder> byId = new HashMap<>();
        Set<String> profiles = new LinkedHashSet<>();
        Set<String> rules = new LinkedHashSet<>();
        for (int i = 0; i < readers.size(); i++) {
            Pack pack = readers.get(i).read(catalog, services, layers);
            once(byId.put(pack.id(), folders.get(i)) == null, folders.get(i), "pack " + pack.id());
            for (DeviceProfile profile : pack.contents().profiles()) {
                once(profiles.add(profile.id()), folders.get(i), "profile " + profile.id());
            }
            for (Pack.PackRule rule : pack.contents().rules()) {
                once(
                        rules.add(rule.rule().id()),
                        folders.get(i),
                        "rule " + rule.rule().id());
            }
            packs.add(pack);
        }
        return new Packs(packs, byId, catalog);
    }

    private static void once(boolean first, PackFolder folder, String what) {
        if (!first) {
            throw new PackFileException(
                    folder.name(), 0, "another pack brings the " + what + " already; rename this one");
        }
    }

    public List<Pack> list() {
        return packs;
    }

    public QuantityCatalog quantities() {
        return quantities;
    }

    public Profiles profiles() {
        return profiles;
    }

    /** Ticket services by id. */
    public Map<String, TicketService> services() {
        return java.util.Collections.unmodifiableMap(services);
    }

    /** Every rule with the text that it was read from. */
    public List<Pack.PackRule> rules() {
        return packs.stream().flatMap(pack -> pack.contents().rules().stream()).toList();
    }

    /** The pack that brings a rule. */
    public Optional<Pack> packOf(Rule rule) {
        return packs.stream()
                .filter(pack -> pack.contents().rules().stream()
                        .anyMatch(r -> r.rule().id().equals(rule.id())))
                .findFirst();
    }

    /** In which layers, and how far, a device of this profile looks for its feature; the first that has one wins. */
    public List<AttachRule> attachRules(String profile) {
        return attach.getOrDefault(profile, List.of());
    }

    /**
     * The features that a pack brings for a layer of its own, as GeoJSON.
     *
     * @return empty where it brings none; the caller closes the stream
     */
    public Optional<InputStream> initialContent(Pack pack, String layer) throws IOException {
        PackFolder folder = folders.get(pack.id());
        String file = "layers/" + layer + ".geojson";
        return folder.has(file) ? Optional.of(folder.open(file)) : Optional.empty();
    }
}
