package city.canopy.devices.profile;

import city.canopy.devices.model.Quantity;
import city.canopy.devices.unit.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the files of a pack that speak of devices: {@code quantities.yaml} and {@code profiles/ID.yaml}. */
public final class ProfileReader {
    private static final Set<String> CODECS =
            Set.of("canopy-json", "thingsboard-json", "senml-json", "senml-cbor", "cayenne-lpp");
    private static final Duration FASTEST = Duration.ofSeconds(1);
    private static final Duration SLOWEST = Duration.ofDays(30);

    private ProfileReader() {}

    /**
     * The quantities of a file.
     *
     * @param file its name, as people know it
     * @throws PackFileException when something in it is wrong
     */
    public static List<QuantitySpec> quantities(String file, InputStream in) {
        List<QuantitySpec> specs = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (PackYaml each : read(file, in).list()) {
            each.map(Set.of("name", "unit", "min", "max", "title"));
            PackYaml name = each.get("name");
            if (!names.add(name.text())) {
                throw name.problem("the quantity " + name.text() + " comes twice; remove one of them");
            }
            PackYaml unit = each.get("unit");
            if (!Units.isKnown(unit.text())) {
                throw unit.problem(
                        "the unit " + unit.text() + " is not known; use a UCUM code such as Cel, \"%\" or m/s");
            }
            try {
                specs.add(new QuantitySpec(
                        new Quantity(name.text()),
                        each.get("unit").text(),
                        each.get("min").number(),
                        each.get("max").number(),
                        each.get("title").title()));
            } catch (IllegalArgumentException e) {
                throw each.problem(e.getMessage() + "; change it");
            }
        }
        return specs;
    }

    /**
     * The profile of a file.
     *
     * @param file its name, as people know it
     * @param catalog the quantities of all packs
     * @throws PackFileException when something in it is wrong
     */
    public static DeviceProfile profile(String file, InputStream in, QuantityCatalog catalog) {
        PackYaml yaml = read(file, in);
        yaml.map(Set.of("id", "title", "codec", "reports_every", "moving", "quantities", "keys", "lwm2m"));
        PackYaml id = yaml.get("id");
        if (!id.text().matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw id.problem("a profile is named by [a-z0-9][a-z0-9._-]{0,63}, not \"" + id.text() + "\"; rename it");
        }
        PackYaml codec = yaml.get("codec");
        if (!CODECS.contains(codec.text())) {
            throw codec.problem(
                    "there is no codec " + codec.text() + "; there are " + String.join(", ", new TreeSet<>(CODECS)));
        }
        boolean moving = yaml.find("moving").map(PackYaml::bool).orElse(false);
        Map<String, QuantitySpec> quantities = quantities(yaml.get("quantities"), catalog);
        if (quantities.isEmpty() && !moving) {
            throw yaml.get("quantities").problem("a device that does not move measures something; name a quantity");
        }
        return new DeviceProfile(
                id.text(),
                yaml.get("title").title(),
                codec.text(),
                quantities,
                yaml.find("keys").map(keys -> keys(keys, quantities)).orElse(Map.of()),
                yaml.get("reports_every").duration(FASTEST, SLOWEST),
                moving,
                yaml.find("lwm2m").map(LwM2mReader::read));
    }

    private static PackYaml read(String file, InputStream in) {
        try {
            return PackYaml.read(file, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, QuantitySpec> quantities(PackYaml yaml, QuantityCatalog catalog) {
        Map<String, QuantitySpec> quantities = new LinkedHashMap<>();
        for (PackYaml each : yaml.list()) {
            QuantitySpec spec = catalog.find(each.text())
                    .orElseThrow(() -> each.problem("no pack describes the quantity " + each.text()
                            + "; add it to a quantities.yaml or mend its name"));
            quantities.put(each.text(), spec);
        }
        return quantities;
    }

    private static Map<String, DeviceProfile.Target> keys(PackYaml yaml, Map<String, QuantitySpec> quantities) {
        Map<String, DeviceProfile.Target> keys = new LinkedHashMap<>();
        yaml.map().forEach((key, value) -> {
            DeviceProfile.Target target = target(value);
            if (!quantities.containsKey(target.quantity())) {
                throw value.problem("the key " + key + " leads to " + target.quantity()
                        + ", which the profile does not measure; add it to 'quantities' or mend its name");
            }
            String own = quantities.get(target.quantity()).unit();
            if (target.unit() != null && Units.conversion(target.unit(), own).isEmpty()) {
                throw value.problem("the unit " + target.unit() + " of the key " + key + " cannot be turned into " + own
                        + "; use a UCUM code of the same kind");
            }
            keys.put(key, target);
        });
        return keys;
    }

    private static DeviceProfile.Target target(PackYaml value) {
        if (value.isText()) {
            return new DeviceProfile.Target(value.text(), 0, null);
        }
        value.map(Set.of("quantity", "instance", "unit"));
        int instance =
                value.find("instance").map(number -> number.integer(0, 65_535)).orElse(0);
        String unit = value.find("unit").map(PackYaml::text).orElse(null);
        return new DeviceProfile.Target(value.get("quantity").text(), instance, unit);
    }
}
