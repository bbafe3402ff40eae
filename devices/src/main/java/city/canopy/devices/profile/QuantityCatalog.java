package city.canopy.devices.profile;

import city.canopy.devices.model.Quantity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All quantities that the loaded packs bring, by name. Immutable. */
public final class QuantityCatalog {
    private final Map<String, QuantitySpec> byName = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when one name comes twice with different units or limits */
    public QuantityCatalog(Collection<QuantitySpec> specs) {
        for (QuantitySpec spec : specs) {
            QuantitySpec before = byName.putIfAbsent(spec.quantity().name(), spec);
            if (before != null && !before.equals(spec)) {
                throw new IllegalArgumentException("two packs describe the quantity " + spec.quantity()
                        + " differently; give it the same unit, limits and titles in both");
            }
        }
    }

    public Optional<QuantitySpec> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws IllegalArgumentException when there is no such quantity */
    public QuantitySpec get(Quantity quantity) {
        return find(quantity.name())
                .orElseThrow(() -> new IllegalArgumentException("no pack describes the quantity " + quantity));
    }

    public Collection<QuantitySpec> list() {
        return java.util.Collections.unmodifiableCollection(byName.values());
    }
}
