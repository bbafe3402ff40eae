package city.canopy.devices.profile;

import city.canopy.devices.codec.Codecs;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.model.Reading;
import city.canopy.devices.unit.Units;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code quantities.yaml} and {@code profiles/*.yaml} of a pack. Their form stands in {@code docs/packs.md}. */
public final class ProfileReader {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private ProfileReader() {}

    /**
     * The quantities of a pack.
     *
     * @throws PackFileException naming file, line and remedy
     */
    public static List<QuantitySpec> quantities(String file, InputStream in) throws IOException {
        List<QuantitySpec> specs = new ArrayList<>();
        for (PackYaml item : PackYaml.read(file, in).list()) {
            item.only("name", "unit", "min", "max", "title");
            String unit = item.get("unit").quotedText();
            if (!Units.isKnown(unit)) {
                throw item.get("unit").problem("\"" + unit + "\" is no UCUM code that is known here");
            }
            try {
                specs.add(new QuantitySpec(
                        new Quantity(item.get("name").text()),
                        unit,
                        item.get("min").number(),
                        item.get("max").number(),
                        item.get("title").titles()));
            } catch (IllegalArgumentException e) {
                throw item.problem(e.getMessage());
            }
        }
        return specs;
    }

    /**
     * One profile.
     *
     * @param catalog the quantities that it may measure
     * @throws PackFileException naming file, line and remedy
     */
    public static DeviceProfile profile(String file, InputStream in, QuantityCatalog catalog) throws IOException {
        PackYaml root =
                PackYaml.read(file, in).only("id", "title", "codec", "reports_every", "moving", "quantities", "keys");
        String id = root.get("id").text();
        if (!ID.matcher(id).matches()) {
            throw root.get("id").problem("a profile's id is of [a-z0-9._-], 64 at most, not \"" + id + "\"");
        }
        String codec = root.get("codec").text();
        if (!Codecs.standard().names().contains(codec)) {
            throw root.get("codec")
                    .problem("there is no codec " + codec + "; there are: "
                            + String.join(", ", Codecs.standard().names()));
        }
        boolean moving = root.has("moving") && root.get("moving").truth();
        Map<String, QuantitySpec> quantities = new LinkedHashMap<>();
        for (PackYaml item : root.get("quantities").list()) {
            QuantitySpec spec = catalog.find(item.text())
                    .orElseThrow(() -> item.problem(
                            "no pack describes the quantity " + item.text() + "; add it to quantities.yaml"));
            quantities.put(item.text(), spec);
        }
        if (quantities.isEmpty() && !moving) {
            throw root.get("quantities").problem("a device that does not move measures at least one quantity");
        }
        return new DeviceProfile(
                id,
                root.get("title").titles(),
                codec,
                quantities,
                root.has("keys") ? keys(root.get("keys"), quantities) : Map.of(),
                root.get("reports_every").duration(Duration.ofSeconds(1), Duration.ofDays(30)),
                moving);
    }

    private static Map<String, DeviceProfile.Target> keys(PackYaml keys, Map<String, QuantitySpec> quantities) {
        Map<String, DeviceProfile.Target> targets = new LinkedHashMap<>();
        keys.mapping().forEach((key, value) -> {
            DeviceProfile.Target target = value.isMapping() ? target(value) : plain(value);
            QuantitySpec spec = quantities.get(target.quantity());
            if (spec == null) {
                throw value.problem(key + " leads to " + target.quantity()
                        + ", which the profile does not measure; add it to quantities");
            }
            if (target.unit() != null
                    && Units.conversion(target.unit(), spec.unit()).isEmpty()) {
                throw value.problem(key + ": " + target.unit() + " cannot be turned into " + spec.unit());
            }
            targets.put(key, target);
        });
        return targets;
    }

    private static DeviceProfile.Target plain(PackYaml value) {
        return new DeviceProfile.Target(value.text(), 0, null);
    }

    private static DeviceProfile.Target target(PackYaml value) {
        value.only("quantity", "instance", "unit");
        return new DeviceProfile.Target(
                value.get("quantity").text(),
                value.has("instance") ? value.get("instance").wholeNumber(0, Reading.MAX_INSTANCE) : 0,
                value.has("unit") ? value.get("unit").text() : null);
    }
}
