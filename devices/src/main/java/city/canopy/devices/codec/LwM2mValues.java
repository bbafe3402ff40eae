package city.canopy.devices.codec;

import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.DeviceProfile.Target;
import city.canopy.devices.unit.SenmlUnits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resources of one LwM2M payload, collected first, since units (5701), times (5518) and the halves of a place stand
 * beside the values that they are about. A resource goes to where the profile's keys send {@code 3303/1/5700} or, for any
 * instance, {@code 3303/5700}; the number of the instance (of the resource's instance, where it has several) is then the
 * reading's. Without a key it goes to the quantity that {@link LwM2mObjects} names, if the profile measures it. In an
 * answer of several resources, what has no meaning here is left out. One for each message; one thread.
 */
final class LwM2mValues {
    private static final int UNITS = 5701;
    private static final int TIMESTAMP = 5518;
    /** The resources of latitude and longitude, by object; 3336 had texts in its version 1. */
    private static final Map<Integer, Map<Integer, Boolean>> PLACES =
            Map.of(6, Map.of(0, true, 1, false), 3336, Map.of(6051, true, 6052, false, 5514, true, 5515, false));

    private static final Map<String, String> SPELLINGS =
            Map.of("°C", "Cel", "degC", "Cel", "celsius", "Cel", "Celsius", "Cel", "°F", "[degF]", "degF", "[degF]");

    /** One value: a number, else what stands there as text; a unit and a time where the payload gives them. */
    private record Value(ResourcePath path, Double number, String text, String unit, Instant at) {}

    private record Instance(int object, int instance) {}

    /** What stands beside the values of an object instance. */
    private static final class Beside {
        private String unit;
        private Instant at;
        private Double lat;
        private Double lon;
    }

    private final DeviceProfile profile;
    private final Acceptance acceptance;
    private final List<Value> values = new ArrayList<>();
    private final Map<Instance, Beside> beside = new HashMap<>();

    LwM2mValues(DeviceProfile profile, Acceptance acceptance) {
        this.profile = profile;
        this.acceptance = acceptance;
    }

    boolean isFull() {
        return values.size() >= Acceptance.MAX_VALUES;
    }

    /** A number or a truth. */
    void number(ResourcePath path, double number, String unit, Instant at) {
        if (path.resource() == TIMESTAMP && number > 0 && number < 1e11) {
            beside(path).at = Instant.ofEpochSecond((long) number);
        }
        values.add(new Value(path, number, null, unit, at));
    }

    /** A text, or in words what stands there instead of a number. */
    void text(ResourcePath path, String text) {
        if (path.resource() == UNITS && !text.isBlank()) {
            String unit = text.strip();
            beside(path).unit = SenmlUnits.toUcum(unit).orElseGet(() -> SPELLINGS.getOrDefault(unit, unit));
        }
        values.add(new Value(path, asPlace(path, text), text, null, null));
    }

    private static Double asPlace(ResourcePath path, String text) {
        if (path.object() != 3336 || path.resource() != 5514 && path.resource() != 5515) {
            return null;
        }
        try {
            return Double.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private Beside beside(ResourcePath path) {
        return beside.computeIfAbsent(new Instance(path.object(), path.instance()), each -> new Beside());
    }

    /** Hands everything on. */
    void resolve() {
        boolean single = values.size() == 1;
        Value unmapped = null;
        int taken = 0;
        for (Value value : values) {
            Optional<Target> target = value.number() == null ? Optional.empty() : target(value.path());
            if (target.isPresent()) {
                take(value, target.get());
                taken++;
            } else if (isPlace(value)) {
                place(value);
                taken++;
            } else if (LwM2mObjects.standard().find(value.path().object()).isEmpty() && !single) {
                refuse(value);
            } else if (unmapped == null || unmapped.number() == null) {
                unmapped = value;
            }
        }
        if (taken == 0 && unmapped != null && (single || unmapped.number() != null)) {
            refuse(unmapped);
        }
        if (beside.values().stream().anyMatch(each -> (each.lat == null) != (each.lon == null))) {
            acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, "a place needs both its latitude and its longitude");
        }
    }

    private void refuse(Value value) {
        if (value.number() == null) {
            acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, value.path() + " is not a number");
        } else {
            acceptance.refuse(
                    RefusalCode.UNKNOWN_QUANTITY,
                    "the profile " + profile.id() + " does not know " + value.path() + "; give it a key "
                            + value.path().object() + "/" + value.path().resource());
        }
    }

    private Optional<Target> target(ResourcePath path) {
        Target exact = profile.keys().get(path.object() + "/" + path.instance() + "/" + path.resource());
        if (exact != null) {
            return Optional.of(exact);
        }
        int instance = path.resourceInstance() == ResourcePath.NONE ? path.instance() : path.resourceInstance();
        Target any = profile.keys().get(path.object() + "/" + path.resource());
        if (any != null) {
            return Optional.of(new Target(any.quantity(), instance, any.unit()));
        }
        return LwM2mObjects.standard()
                .find(path.object(), path.resource())
                .flatMap(ResourceSpec::quantity)
                .filter(profile.quantities()::containsKey)
                .map(quantity -> new Target(quantity, instance, null));
    }

    private void take(Value value, Target target) {
        Beside with =
                beside.get(new Instance(value.path().object(), value.path().instance()));
        String unit = value.unit();
        if (unit == null && with != null) {
            unit = with.unit;
        }
        if (unit == null && target.unit() == null) {
            unit = LwM2mObjects.standard()
                    .find(value.path().object(), value.path().resource())
                    .flatMap(ResourceSpec::unit)
                    .orElse(null);
        }
        Instant at = value.at() != null || with == null ? value.at() : with.at;
        acceptance.take(target, value.path().toString(), value.number(), unit, at);
    }

    private static boolean isPlace(Value value) {
        return value.number() != null
                && PLACES.getOrDefault(value.path().object(), Map.of())
                        .containsKey(value.path().resource());
    }

    private void place(Value value) {
        Beside with = beside(value.path());
        if (PLACES.get(value.path().object()).get(value.path().resource())) {
            with.lat = value.number();
        } else {
            with.lon = value.number();
        }
        if (with.lat != null && with.lon != null) {
            acceptance.place(with.lon, with.lat);
            with.lat = null;
            with.lon = null;
        }
    }
}
