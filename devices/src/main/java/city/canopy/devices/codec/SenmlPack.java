package city.canopy.devices.codec;

import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.unit.SenmlUnits;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;

/**
 * The meaning of a SenML pack, RFC 8428, the same for JSON and CBOR: base fields hold from their record on; a time under
 * 2^28 seconds counts from now; a version above 10, or an unknown field whose name ends in {@code _}, makes the whole
 * pack unreadable, and so does a base field of the wrong type. The device's own name at the beginning of a record's name is taken off; another device's is refused.
 * Texts, data and sums without a value are no readings and are refused one by one. A name that is a path of a LwM2M
 * resource ({@code /3303/0/5700}, which LwM2M begins with a slash against the RFC) goes by {@link LwM2mValues}.
 */
final class SenmlPack {
    static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(8)
            .maxNumberLength(64)
            .maxStringLength(65_536)
            .maxNameLength(1024)
            .build();

    private static final int NEWEST_VERSION = 10;
    private static final double RELATIVE_BELOW = 1 << 28;

    private final Uplink uplink;
    private final Function<String, SenmlLabel> labels;
    private final Acceptance acceptance;
    private final LwM2mValues resources;
    private String baseName = "";
    private double baseTime;
    private String baseUnit;
    private double baseValue;
    private SenmlRecord current;
    private String unreadable;
    private double lon = Double.NaN;
    private double lat = Double.NaN;

    SenmlPack(Uplink uplink, DeviceProfile profile, Function<String, SenmlLabel> labels) {
        this.uplink = uplink;
        this.labels = labels;
        this.acceptance = new Acceptance(uplink, profile);
        this.resources = new LwM2mValues(profile, acceptance);
    }

    /** One record's own fields; null where there is none. */
    private static final class SenmlRecord {
        private String name = "";
        private String unit;
        private Double value;
        private Boolean truth;
        private double time;
        private String text;
        private boolean data;
        private boolean sum;
        private String wrong;

        int values() {
            return (value != null ? 1 : 0) + (truth != null ? 1 : 0) + (text != null ? 1 : 0) + (data ? 1 : 0);
        }

        boolean isReading() {
            return value != null || truth != null;
        }

        /** A base value is added to numbers, not to truths. */
        double number(double baseValue) {
            return value != null ? baseValue + value : truth ? 1 : 0;
        }
    }

    Decoded read(JsonParser parser) throws IOException {
        if (uplink.payload().length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            return Acceptance.refused(RefusalCode.UNDECODABLE, "a SenML pack is a list of records");
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (acceptance.isFull() || resources.isFull()) {
                return Acceptance.refused(
                        RefusalCode.TOO_LARGE,
                        "a message has at most " + Acceptance.MAX_VALUES + " values; send several");
            }
            record(parser);
            if (unreadable != null) {
                return Acceptance.refused(RefusalCode.UNDECODABLE, unreadable);
            }
        }
        if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
            return Acceptance.refused(RefusalCode.UNDECODABLE, "a SenML pack is one list of records, and nothing else");
        }
        resources.resolve();
        if (!Double.isNaN(lon) || !Double.isNaN(lat)) {
            acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, "a place needs both lon and lat");
        }
        return acceptance.decoded();
    }

    private void record(JsonParser parser) throws IOException {
        current = new SenmlRecord();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            SenmlLabel label = labels.apply(key);
            if (label == null) {
                if (key.endsWith("_")) {
                    unreadable = "the field " + Acceptance.brief(key) + " must be understood, and is not";
                }
                parser.skipChildren();
            } else {
                field(label, token, parser);
            }
        }
        if (unreadable == null) {
            resolve();
        }
    }

    private void field(SenmlLabel label, JsonToken token, JsonParser parser) throws IOException {
        switch (label) {
            case BASE_VERSION -> {
                double version = number(label, token, parser);
                if (unreadable == null && !(version >= 1 && version <= NEWEST_VERSION)) {
                    unreadable = "SenML of version " + version + " is not known; 10 is the newest";
                }
            }
            case BASE_NAME -> baseName = text(label, token, parser);
            case BASE_TIME -> baseTime = number(label, token, parser);
            case BASE_UNIT -> baseUnit = text(label, token, parser);
            case BASE_VALUE -> baseValue = number(label, token, parser);
            case BASE_SUM, UPDATE_TIME -> number(label, token, parser);
            case NAME -> current.name = text(label, token, parser);
            case UNIT -> current.unit = text(label, token, parser);
            case VALUE -> current.value = number(label, token, parser);
            case BOOLEAN_VALUE -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    current.wrong = "vb is true or false";
                    parser.skipChildren();
                }
                current.truth = token == JsonToken.VALUE_TRUE;
            }
            case TIME -> current.time = number(label, token, parser);
            case STRING_VALUE -> {
                current.text = text(label, token, parser);
            }
            case DATA_VALUE -> {
                parser.skipChildren();
                current.data = true;
            }
            case SUM -> {
                number(label, token, parser);
                current.sum = true;
            }
        }
    }

    private double number(SenmlLabel label, JsonToken token, JsonParser parser) throws IOException {
        if (token.isNumeric()) {
            return parser.getDoubleValue();
        }
        wrong(label, " is a number");
        parser.skipChildren();
        return 0;
    }

    private String text(SenmlLabel label, JsonToken token, JsonParser parser) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        wrong(label, " is a text");
        parser.skipChildren();
        return "";
    }

    /** A base field concerns all that follows; another one its record alone. */
    private void wrong(SenmlLabel label, String problem) {
        if (label.isBase()) {
            unreadable = label + problem;
        } else {
            current.wrong = label + problem;
        }
    }

    /** RFC 8428, section 4.6: the record with the base fields put in. */
    private void resolve() {
        SenmlRecord record = current;
        if (record.wrong != null || record.values() > 1) {
            acceptance.refuse(
                    RefusalCode.IMPOSSIBLE_VALUE,
                    Acceptance.brief(baseName + record.name) + ": "
                            + (record.wrong != null ? record.wrong : "a record has one value"));
            return;
        }
        if (!record.isReading() && record.text == null && !record.data && !record.sum) {
            // Only base fields: it says nothing by itself.
            return;
        }
        String full = baseName + record.name;
        ResourcePath asked = full.startsWith("/") ? resource(full) : null;
        if (asked != null) {
            resource(asked, record);
            return;
        }
        if (!isName(full)) {
            acceptance.refuse(RefusalCode.UNKNOWN_QUANTITY, "\"" + Acceptance.brief(full) + "\" is no SenML name");
            return;
        }
        String own = ownName(full, record.name);
        ResourcePath path = own == null || acceptance.target(own) != null ? null : resource(own);
        if (own == null) {
            acceptance.refuse(
                    RefusalCode.FOREIGN_DEVICE,
                    "\"" + Acceptance.brief(full) + "\" does not name the device that sent it");
        } else if (path != null) {
            resource(path, record);
        } else if (!record.isReading()) {
            acceptance.refuse(
                    record.sum ? RefusalCode.UNKNOWN_QUANTITY : RefusalCode.IMPOSSIBLE_VALUE,
                    Acceptance.brief(own) + (record.sum ? " has a sum and no value" : " is not a number"));
        } else {
            take(own, record);
        }
    }

    /** The LwM2M resource that a name is; null for none. */
    private static ResourcePath resource(String name) {
        ResourcePath path = ResourcePath.find(name);
        return path != null && path.isResource() ? path : null;
    }

    private void resource(ResourcePath path, SenmlRecord record) {
        double seconds = baseTime + record.time;
        if (!record.isReading()) {
            resources.text(path, record.text == null ? "" : record.text);
        } else if (isClock(path.toString(), seconds)) {
            resources.number(path, record.number(baseValue), unit(record), measured(seconds));
        }
    }

    private void take(String name, SenmlRecord record) {
        if (isPlace(senmlUnit(record), record) && acceptance.target(name) == null) {
            place(senmlUnit(record), record.number(baseValue));
            return;
        }
        double seconds = baseTime + record.time;
        if (isClock(name, seconds)) {
            acceptance.take(name, record.number(baseValue), unit(record), measured(seconds));
        }
    }

    private String senmlUnit(SenmlRecord record) {
        return record.unit != null ? record.unit : baseUnit;
    }

    /** In UCUM; null for none. A unit outside the registry may still be UCUM; whether it is one is found out there. */
    private String unit(SenmlRecord record) {
        String unit = senmlUnit(record);
        return unit == null || unit.isEmpty() ? null : SenmlUnits.toUcum(unit).orElse(unit);
    }

    /** Whether a clock can show it; says so where none can. */
    private boolean isClock(String name, double seconds) {
        if (!Double.isFinite(seconds) || Math.abs(seconds) > 1e11) {
            acceptance.refuse(
                    RefusalCode.IMPOSSIBLE_TIME, Acceptance.brief(name) + ": no clock shows " + seconds + " s");
            return false;
        }
        if (seconds < -RELATIVE_BELOW) {
            acceptance.refuse(
                    RefusalCode.IMPOSSIBLE_TIME, Acceptance.brief(name) + ": " + seconds + " s is too long ago");
            return false;
        }
        return true;
    }

    /** When it was; null for now. */
    private Instant measured(double seconds) {
        if (seconds == 0) {
            return null;
        }
        long micros = Math.round(seconds * 1e6);
        return seconds < RELATIVE_BELOW
                ? uplink.saidAt().plusNanos(micros * 1_000)
                : Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static boolean isPlace(String unit, SenmlRecord record) {
        return record.value != null && ("lat".equals(unit) || "lon".equals(unit));
    }

    /** Two records, one in {@code lon} and one in {@code lat}, are a place; their order does not matter. */
    private void place(String unit, double degrees) {
        if (unit.equals("lon")) {
            lon = degrees;
        } else {
            lat = degrees;
        }
        if (!Double.isNaN(lon) && !Double.isNaN(lat)) {
            acceptance.place(lon, lat);
            lon = Double.NaN;
            lat = Double.NaN;
        }
    }

    /** The name behind the device's own; null where it is another device's. */
    private String ownName(String full, String local) {
        String device = uplink.device().value();
        int at = full.indexOf(device);
        while (at >= 0) {
            int end = at + device.length();
            boolean begins = at == 0 || full.charAt(at - 1) == ':' || full.charAt(at - 1) == '/';
            if (begins && end < full.length() && endsDevice(full.charAt(end))) {
                return full.substring(end + 1);
            }
            at = full.indexOf(device, at + 1);
        }
        return baseName.isEmpty() || acceptance.target(full) != null ? full : foreignOrLocal(local);
    }

    /** A base name that ends in the device's name without a separator behind it is its own as well. */
    private String foreignOrLocal(String local) {
        String device = uplink.device().value();
        boolean own = baseName.endsWith(device)
                && (baseName.length() == device.length()
                        || baseName.charAt(baseName.length() - device.length() - 1) == ':'
                        || baseName.charAt(baseName.length() - device.length() - 1) == '/');
        return own ? local : null;
    }

    /** What may stand behind a device's name; a dash or dot may as well go on in it: {@code bin-1} and {@code bin-1-2}. */
    private static boolean endsDevice(char c) {
        return c == ':' || c == '/' || c == '_';
    }

    private static boolean isSeparator(char c) {
        return c == ':' || c == '/' || c == '_' || c == '.' || c == '-';
    }

    /** RFC 8428, section 4.5.1. */
    private static boolean isName(String name) {
        if (name.isEmpty() || !isLetterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetterOrDigit(c) && !isSeparator(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
