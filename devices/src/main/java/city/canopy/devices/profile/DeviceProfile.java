package city.canopy.devices.profile;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a type of device measures and how it says it. Data from a pack, never code.
 *
 * @param id the profile's name, such as {@code generic-bin}
 * @param title its name for people, by language
 * @param codec the codec for payloads that come without a content type
 * @param quantities what it measures, by quantity name
 * @param keys other names for its quantities, as its firmware writes them: a JSON key, a SenML name, or for Cayenne LPP
 *     {@code "channel:type"}, or for LwM2M {@code "object/resource"} (any instance) or {@code "object/instance/resource"}, to
 *     where the value goes
 * @param reportEvery the reporting rhythm
 * @param moving whether its place is judged anew at each reading
 * @param lwm2m how it is observed and commanded where it speaks LwM2M
 */
public record DeviceProfile(
        String id,
        Map<String, String> title,
        String codec,
        Map<String, QuantitySpec> quantities,
        Map<String, Target> keys,
        Duration reportEvery,
        boolean moving,
        Optional<LwM2m> lwm2m) {

    /** A profile of devices that do not speak LwM2M. */
    public DeviceProfile(
            String id,
            Map<String, String> title,
            String codec,
            Map<String, QuantitySpec> quantities,
            Map<String, Target> keys,
            Duration reportEvery,
            boolean moving) {
        this(id, title, codec, quantities, keys, reportEvery, moving, Optional.empty());
    }

    /**
     * Where a foreign key leads.
     *
     * @param quantity the quantity's name; one of the profile's
     * @param instance which probe of it
     * @param unit the UCUM code that the firmware uses, or null for the quantity's own
     */
    public record Target(String quantity, int instance, String unit) {}

    public DeviceProfile {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(reportEvery, "reportEvery");
        Objects.requireNonNull(lwm2m, "lwm2m");
        if (reportEvery.isNegative() || reportEvery.isZero()) {
            throw new IllegalArgumentException("profile " + id + ": the reporting rhythm must be longer than zero");
        }
        title = Map.copyOf(title);
        quantities = Map.copyOf(quantities);
        keys = Map.copyOf(keys);
        for (Map.Entry<String, Target> key : keys.entrySet()) {
            if (!quantities.containsKey(key.getValue().quantity())) {
                throw new IllegalArgumentException("profile " + id + ": the key " + key.getKey() + " leads to "
                        + key.getValue().quantity() + ", which the profile does not measure");
            }
        }
    }

    /** Where a name in a payload leads: one of {@code keys}, else a quantity's own name at instance 0. */
    public Optional<Target> target(String key) {
        Target mapped = keys.get(key);
        if (mapped != null) {
            return Optional.of(mapped);
        }
        return quantities.containsKey(key) ? Optional.of(new Target(key, 0, null)) : Optional.empty();
    }
}
