package city.canopy.core.packs;

import city.canopy.core.packs.Pack.PackAttribute;
import city.canopy.core.packs.Pack.PackLayer;
import city.canopy.core.packs.Pack.PackRule;
import city.canopy.core.rules.Priority;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.PackYaml;
import city.canopy.devices.profile.ProfileReader;
import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.geo.attach.AttachRule;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the files of one pack. Some need what other packs bring, so a pack is read in two turns. */
final class PackReader {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern LAYER = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Set<String> KINDS = Set.of("point", "line", "polygon", "any");
    private static final Set<String> TYPES = Set.of("text", "number", "boolean", "date");

    private final PackFolder folder;
    private final PackYaml root;
    final List<QuantitySpec> quantities;
    final List<TicketService> services;
    final List<PackLayer> layers;

    /** The first turn: what needs nothing of other packs. */
    PackReader(PackFolder folder) throws IOException {
        this.folder = folder;
        this.root = yaml("pack.yaml").only("id", "version", "title", "layers", "attach");
        if (!ID.matcher(root.get("id").text()).matches()) {
            throw root.get("id").problem("a pack's id is of [a-z0-9-], begins with a letter, 32 at most");
        }
        this.layers = layers();
        if (folder.has("quantities.yaml")) {
            try (InputStream in = folder.open("quantities.yaml")) {
                this.quantities = ProfileReader.quantities(folder.label("quantities.yaml"), in);
            }
        } else {
            this.quantities = List.of();
        }
        this.services = services();
    }

    /** The second turn, when all packs' quantities, services and layers are known. */
    Pack read(QuantityCatalog catalog, Map<String, TicketService> allServices, Set<String> allLayers)
            throws IOException {
        List<DeviceProfile> profiles = new ArrayList<>();
        for (String file : folder.list("profiles")) {
            try (InputStream in = folder.open(file)) {
                profiles.add(ProfileReader.profile(folder.label(file), in, catalog));
            }
        }
        RuleReader rules = new RuleReader(catalog, allServices, allLayers);
        List<PackRule> read = new ArrayList<>();
        for (String file : folder.list("rules")) {
            read.add(new PackRule(rules.read(yaml(file)), folder.text(file)));
        }
        return new Pack(
                root.get("id").text(),
                root.get("version").text(),
                root.get("title").titles(),
                new Pack.Contents(layers, quantities, profiles, read, services, attach(allLayers)));
    }

    private PackYaml yaml(String file) throws IOException {
        try (InputStream in = folder.open(file)) {
            return PackYaml.read(folder.label(file), in);
        }
    }

    private List<PackLayer> layers() {
        List<PackLayer> read = new ArrayList<>();
        if (!root.has("layers")) {
            return read;
        }
        for (PackYaml item : root.get("layers").list()) {
            item.only("name", "kind", "title", "public", "attributes");
            String name = item.get("name").text();
            if (!LAYER.matcher(name).matches()) {
                throw item.get("name").problem("a layer's name is of [a-z0-9_], begins with a letter, 63 at most");
            }
            String kind = item.get("kind").text();
            if (!KINDS.contains(kind)) {
                throw item.get("kind").problem("a layer's kind is point, line, polygon or any");
            }
            read.add(new PackLayer(
                    name,
                    kind,
                    item.get("title").titles(),
                    item.has("public") && item.get("public").truth(),
                    item.has("attributes") ? attributes(item.get("attributes")) : List.of()));
        }
        return read;
    }

    private static List<PackAttribute> attributes(PackYaml list) {
        List<PackAttribute> read = new ArrayList<>();
        for (PackYaml item : list.list()) {
            item.only("name", "type", "title");
            if (!TYPES.contains(item.get("type").text())) {
                throw item.get("type").problem("an attribute's type is text, number, boolean or date");
            }
            read.add(new PackAttribute(
                    item.get("name").text(),
                    item.get("type").text(),
                    item.get("title").titles()));
        }
        return read;
    }

    private List<TicketService> services() throws IOException {
        List<TicketService> read = new ArrayList<>();
        if (!folder.has("services.yaml")) {
            return read;
        }
        for (PackYaml item : yaml("services.yaml").list()) {
            item.only("id", "title", "target", "priority");
            Priority priority = Priority.find(item.get("priority").text())
                    .orElseThrow(() -> item.get("priority").problem("a priority is low, normal, high or urgent"));
            read.add(new TicketService(
                    item.get("id").text(),
                    item.get("title").titles(),
                    item.get("target").duration(Duration.ofMinutes(1), Duration.ofDays(366)),
                    priority));
        }
        return read;
    }

    private Map<String, List<AttachRule>> attach(Set<String> allLayers) {
        Map<String, List<AttachRule>> read = new LinkedHashMap<>();
        if (!root.has("attach")) {
            return read;
        }
        root.get("attach").mapping().forEach((profile, list) -> {
            List<AttachRule> rules = new ArrayList<>();
            for (PackYaml item : list.list()) {
                item.only("layer", "within_m");
                if (!allLayers.contains(item.get("layer").text())) {
                    throw item.get("layer")
                            .problem("no pack brings the layer "
                                    + item.get("layer").text());
                }
                rules.add(new AttachRule(
                        item.get("layer").text(), item.get("within_m").wholeNumber(0, 10_000)));
            }
            read.put(profile, rules);
        });
        return read;
    }
}
