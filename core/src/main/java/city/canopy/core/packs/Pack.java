package city.canopy.core.packs;

import city.canopy.core.rules.Rule;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.geo.attach.AttachRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One domain, read from its folder: what it is called, and what it brings.
 *
 * @param id its name, {@code [a-z][a-z0-9-]{0,31}}
 * @param version its own version
 * @param title for people, by language
 * @param contents what it brings
 */
public record Pack(String id, String version, Map<String, String> title, Contents contents) {
    public Pack {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(contents, "contents");
        title = Map.copyOf(title);
    }

    /**
     * A layer that a pack declares.
     *
     * @param kind {@code point}, {@code line}, {@code polygon} or {@code any}
     * @param isPublic whether it may be read without log-in
     */
    public record PackLayer(
            String name, String kind, Map<String, String> title, boolean isPublic, List<PackAttribute> attributes) {
        public PackLayer {
            title = Map.copyOf(title);
            attributes = List.copyOf(attributes);
        }
    }

    /** An attribute of a layer; its type is {@code text}, {@code number}, {@code boolean} or {@code date}. */
    public record PackAttribute(String name, String type, Map<String, String> title) {
        public PackAttribute {
            title = Map.copyOf(title);
        }
    }

    /** A rule and the text that it was read from. */
    public record PackRule(Rule rule, String text) {}

    /**
     * What a pack brings.
     *
     * @param attach in which layers, and how far, devices of a profile look for their feature, by profile
     */
    public record Contents(
            List<PackLayer> layers,
            List<QuantitySpec> quantities,
            List<DeviceProfile> profiles,
            List<PackRule> rules,
            List<TicketService> services,
            Map<String, List<AttachRule>> attach) {
        public Contents {
            layers = List.copyOf(layers);
            quantities = List.copyOf(quantities);
            profiles = List.copyOf(profiles);
            rules = List.copyOf(rules);
            services = List.copyOf(services);
            attach = Map.copyOf(attach);
        }
    }
}
