package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Cayenne Low Power Payload: fields of channel (1 byte), type (1 byte) and value (big-endian, its length by type).
 * Types and resolutions as in the format's published table (IPSO object number minus 3200), versions 1 and 2. A field
 * goes to where the profile's keys send {@code channel:type} ({@code 5:113:x} for a part), else to the one quantity of
 * the profile that the type can mean. A unix time field dates the whole message. An unknown type ends the reading, since
 * nobody knows its length; what came before is kept. A polyline says its own length: it is refused and passed over.
 */
final class CayenneLpp implements Codec {
    private static final int GPS = 136;
    private static final int UNIX_TIME = 133;
    private static final int POLYLINE = 240;
    private static final int POLYLINE_HEAD = 8;

    /**
     * A type.
     *
     * @param bytes of each part
     * @param divisor what the whole number is divided by
     * @param unit UCUM, or null for a bare number
     * @param parts names of its parts, empty where it is one value
     * @param meanings quantities that it can be without a key
     */
    private record Type(
            int bytes, boolean signed, double divisor, String unit, List<String> parts, List<String> meanings) {}

    private static final List<String> XYZ = List.of("x", "y", "z");
    private static final Map<Integer, Type> TYPES = Map.ofEntries(
            Map.entry(0, new Type(1, false, 1, null, List.of(), List.of("lid_open", "manhole_open"))),
            Map.entry(1, new Type(1, false, 1, null, List.of(), List.of())),
            Map.entry(2, new Type(2, true, 100, null, List.of(), List.of())),
            Map.entry(3, new Type(2, true, 100, null, List.of(), List.of())),
            Map.entry(100, new Type(4, false, 1, null, List.of(), List.of())),
            Map.entry(101, new Type(2, false, 1, "lx", List.of(), List.of())),
            Map.entry(102, new Type(1, false, 1, null, List.of(), List.of("lid_open", "manhole_open"))),
            Map.entry(
                    103,
                    new Type(
                            2,
                            true,
                            10,
                            "Cel",
                            List.of(),
                            List.of("soil_temperature", "air_temperature", "waste_temperature"))),
            Map.entry(104, new Type(1, false, 2, "%", List.of(), List.of("relative_humidity", "soil_moisture"))),
            Map.entry(113, new Type(2, true, 1000, null, XYZ, List.of())),
            Map.entry(115, new Type(2, false, 10, "hPa", List.of(), List.of())),
            Map.entry(116, new Type(2, false, 100, "V", List.of(), List.of())),
            Map.entry(117, new Type(2, false, 1000, "A", List.of(), List.of())),
            Map.entry(118, new Type(4, false, 1, "Hz", List.of(), List.of())),
            Map.entry(120, new Type(1, false, 1, "%", List.of(), List.of("fill_level", "soil_moisture", "battery"))),
            Map.entry(121, new Type(2, true, 1, "m", List.of(), List.of())),
            Map.entry(122, new Type(3, true, 1000, "kg", List.of(), List.of("weight"))),
            Map.entry(125, new Type(2, false, 1, "[ppm]", List.of(), List.of())),
            Map.entry(128, new Type(2, false, 1, "W", List.of(), List.of())),
            Map.entry(130, new Type(4, false, 1000, "m", List.of(), List.of("water_level"))),
            Map.entry(131, new Type(4, false, 1000, "kW.h", List.of(), List.of())),
            Map.entry(132, new Type(2, false, 1, "deg", List.of(), List.of())),
            Map.entry(UNIX_TIME, new Type(4, false, 1, "s", List.of(), List.of())),
            Map.entry(134, new Type(2, true, 100, null, XYZ, List.of())),
            Map.entry(135, new Type(1, false, 1, null, List.of("r", "g", "b"), List.of())),
            Map.entry(GPS, new Type(3, true, 10_000, null, List.of("lat", "lon", "alt"), List.of())),
            Map.entry(142, new Type(1, false, 1, null, List.of(), List.of("lid_open", "manhole_open"))));

    @Override
    public String name() {
        return "cayenne-lpp";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        byte[] bytes = uplink.payload();
        if (bytes.length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        Acceptance acceptance = new Acceptance(uplink, profile);
        Instant time = unixTime(bytes);
        int at = 0;
        while (at < bytes.length) {
            if (acceptance.isFull()) {
                return Acceptance.refused(
                        RefusalCode.TOO_LARGE, "a message has at most " + Acceptance.MAX_VALUES + " values");
            }
            int polyline = polyline(bytes, at);
            if (polyline > 0) {
                acceptance.refuse(RefusalCode.UNKNOWN_QUANTITY, "at byte " + at + ": a polyline is not read");
                at += polyline;
                continue;
            }
            Type type = at + 1 < bytes.length ? TYPES.get(bytes[at + 1] & 0xff) : null;
            if (type == null || at + 2 + length(type) > bytes.length) {
                acceptance.refuse(
                        RefusalCode.UNDECODABLE,
                        "at byte " + at
                                + (at + 1 >= bytes.length
                                        ? " the payload is cut off"
                                        : type == null
                                                ? ": nobody knows the type " + (bytes[at + 1] & 0xff)
                                                : " the payload is cut off"));
                break;
            }
            field(bytes, at, type, acceptance, profile, time);
            at += 2 + length(type);
        }
        return acceptance.decoded();
    }

    /** The length of the whole field where it is a complete polyline, else 0. */
    private static int polyline(byte[] bytes, int at) {
        if (at + 2 >= bytes.length || (bytes[at + 1] & 0xff) != POLYLINE) {
            return 0;
        }
        int size = bytes[at + 2] & 0xff;
        return size >= POLYLINE_HEAD && at + 2 + size <= bytes.length ? 2 + size : 0;
    }

    private static int length(Type type) {
        return type.bytes() * Math.max(1, type.parts().size());
    }

    /** The first unix time field, wherever it stands; null where there is none. */
    private static Instant unixTime(byte[] bytes) {
        int at = 0;
        while (at + 1 < bytes.length) {
            int number = bytes[at + 1] & 0xff;
            int polyline = polyline(bytes, at);
            if (polyline > 0) {
                at += polyline;
                continue;
            }
            Type type = TYPES.get(number);
            if (type == null || at + 2 + length(type) > bytes.length) {
                return null;
            }
            if (number == UNIX_TIME) {
                return Instant.ofEpochSecond((long) whole(bytes, at + 2, type));
            }
            at += 2 + length(type);
        }
        return null;
    }

    private static void field(
            byte[] bytes, int at, Type type, Acceptance acceptance, DeviceProfile profile, Instant time) {
        int channel = bytes[at] & 0xff;
        int number = bytes[at + 1] & 0xff;
        if (number == UNIX_TIME) {
            return;
        }
        if (number == GPS) {
            acceptance.place(
                    whole(bytes, at + 2 + type.bytes(), type) / type.divisor(),
                    whole(bytes, at + 2, type) / type.divisor());
            String altitude = channel + ":136:alt";
            profile.target(altitude)
                    .ifPresent(target -> acceptance.take(
                            target,
                            altitude,
                            whole(bytes, at + 2 + 2 * type.bytes(), type) / 100,
                            target.unit() != null ? target.unit() : "m",
                            time));
            return;
        }
        if (type.parts().isEmpty()) {
            String key = channel + ":" + number;
            DeviceProfile.Target target = profile.target(key).orElseGet(() -> meant(type, profile));
            double value = whole(bytes, at + 2, type) / type.divisor();
            if (target == null) {
                acceptance.take(key, value, type.unit(), time);
            } else {
                acceptance.take(target, key, value, unit(type, target), time);
            }
            return;
        }
        for (int part = 0; part < type.parts().size(); part++) {
            String key = channel + ":" + number + ":" + type.parts().get(part);
            double value = whole(bytes, at + 2 + part * type.bytes(), type) / type.divisor();
            DeviceProfile.Target target = acceptance.target(key);
            if (target == null) {
                acceptance.take(key, value, null, time);
            } else {
                acceptance.take(target, key, value, unit(type, target), time);
            }
        }
    }

    /** A unit that the profile's key names is stronger than the type's. */
    private static String unit(Type type, DeviceProfile.Target target) {
        return target.unit() != null ? target.unit() : type.unit();
    }

    /** The one quantity of the profile that the type can mean; null where there is none or more than one. */
    private static DeviceProfile.Target meant(Type type, DeviceProfile profile) {
        String only = null;
        for (String quantity : type.meanings()) {
            if (profile.quantities().containsKey(quantity)) {
                if (only != null) {
                    return null;
                }
                only = quantity;
            }
        }
        return only == null ? null : new DeviceProfile.Target(only, 0, null);
    }

    private static double whole(byte[] bytes, int at, Type type) {
        long value = type.signed() ? bytes[at] : bytes[at] & 0xff;
        for (int i = 1; i < type.bytes(); i++) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }
}
