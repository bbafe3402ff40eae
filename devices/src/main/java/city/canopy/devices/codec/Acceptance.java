package city.canopy.devices.codec;

import city.canopy.devices.model.Position;
import city.canopy.devices.model.Reading;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.QuantitySpec;
import city.canopy.devices.unit.Conversion;
import city.canopy.devices.unit.Units;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all codecs share: a name and a number become a reading of the profile's quantity in its own unit, or a refusal
 * with a code. One for each message; one thread.
 */
final class Acceptance {
    /** The longest payload in bytes. */
    static final int MAX_BYTES = 256 * 1024;
    /** The most values of one message. */
    static final int MAX_VALUES = 2_000;
    /** How far a device's clock may be ahead. */
    static final Duration AHEAD = Duration.ofMinutes(15);
    /** How old a reading may be. */
    static final Duration BEHIND = Duration.ofDays(400);

    private static final MathContext FOURTEEN_DIGITS = new MathContext(14);
    private static final int MAX_REFUSALS = 20;

    private final Uplink uplink;
    private final DeviceProfile profile;
    private final List<Reading> readings = new ArrayList<>(4);
    private final List<Refusal> refusals = new ArrayList<>(0);
    private Position position;
    private int refused;

    Acceptance(Uplink uplink, DeviceProfile profile) {
        this.uplink = uplink;
        this.profile = profile;
    }

    /** Whether another value would be one too many. */
    boolean isFull() {
        return readings.size() + refused >= MAX_VALUES;
    }

    /**
     * Takes one value.
     *
     * @param key what the payload calls it
     * @param value as it stands in the payload
     * @param unit the UCUM code that the payload gives, or null
     * @param measuredAt when, or null for the time of receipt
     */
    void take(String key, double value, String unit, Instant measuredAt) {
        DeviceProfile.Target target = target(key);
        if (target == null) {
            refuse(
                    RefusalCode.UNKNOWN_QUANTITY,
                    "the profile " + profile.id() + " does not know \"" + brief(key) + "\"");
            return;
        }
        take(target, key, value, unit, measuredAt);
    }

    /** The same for a key that has been looked up. */
    void take(DeviceProfile.Target target, String key, double value, String unit, Instant measuredAt) {
        QuantitySpec spec = profile.quantities().get(target.quantity());
        String from = unit != null ? unit : target.unit();
        double converted = value;
        if (from != null && !from.equals(spec.unit())) {
            Optional<Conversion> conversion = Units.conversion(from, spec.unit());
            if (conversion.isEmpty()) {
                refuse(
                        RefusalCode.UNKNOWN_UNIT,
                        brief(key) + ": \"" + brief(from) + "\" cannot be turned into " + spec.unit());
                return;
            }
            converted = withoutNoise(conversion.get().apply(value));
        }
        if (!Double.isFinite(converted) || !spec.allows(converted)) {
            refuse(
                    RefusalCode.IMPOSSIBLE_VALUE,
                    brief(key) + ": " + converted + " " + spec.unit() + " is not between " + spec.min() + " and "
                            + spec.max());
            return;
        }
        Instant moment = measuredAt == null ? uplink.saidAt() : measuredAt;
        if (!isPossible(moment)) {
            refuse(
                    RefusalCode.IMPOSSIBLE_TIME,
                    brief(key) + ": " + moment + " is over " + AHEAD.toMinutes()
                            + " minutes ahead of the receipt, or over " + BEHIND.toDays() + " days before it");
            return;
        }
        readings.add(new Reading(
                spec.quantity(),
                target.instance(),
                converted,
                moment.truncatedTo(ChronoUnit.MICROS),
                measuredAt != null || uplink.isStamped()));
    }

    /** A conversion's last binary digits are noise: 212 °F are 100 °C, not 100.00000000000001. */
    private static double withoutNoise(double converted) {
        return Double.isFinite(converted)
                ? new BigDecimal(converted).round(FOURTEEN_DIGITS).doubleValue()
                : converted;
    }

    private boolean isPossible(Instant measuredAt) {
        return !measuredAt.isAfter(uplink.receivedAt().plus(AHEAD))
                && !measuredAt.isBefore(uplink.receivedAt().minus(BEHIND));
    }

    /** Where a name leads: the profile's keys, a quantity, or a quantity with an instance ({@code soil_moisture.2}). */
    DeviceProfile.Target target(String key) {
        DeviceProfile.Target known = profile.target(key).orElse(null);
        if (known != null) {
            return known;
        }
        int dot = key.lastIndexOf('.');
        if (dot <= 0 || dot == key.length() - 1 || key.length() - dot > 6) {
            return null;
        }
        int instance = 0;
        for (int i = dot + 1; i < key.length(); i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            instance = instance * 10 + digit;
        }
        String quantity = key.substring(0, dot);
        return instance <= Reading.MAX_INSTANCE && profile.quantities().containsKey(quantity)
                ? new DeviceProfile.Target(quantity, instance, null)
                : null;
    }

    /** Where the device was; out of range is refused. */
    void place(double lon, double lat) {
        if (lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90) {
            position = new Position(lon, lat);
        } else {
            refuse(RefusalCode.IMPOSSIBLE_VALUE, "no place has longitude " + lon + " and latitude " + lat);
        }
    }

    void refuse(RefusalCode code, String detail) {
        refused++;
        if (refusals.size() < MAX_REFUSALS) {
            refusals.add(new Refusal(code, detail));
        }
    }

    /** What became of the message. */
    Decoded decoded() {
        if (refused > MAX_REFUSALS) {
            refusals.set(
                    MAX_REFUSALS - 1,
                    new Refusal(
                            refusals.get(MAX_REFUSALS - 1).code(),
                            refusals.get(MAX_REFUSALS - 1).detail() + " (and " + (refused - MAX_REFUSALS) + " more)"));
        }
        if (readings.isEmpty() && position == null) {
            return new Decoded.Refused(
                    refusals.isEmpty() ? List.of(new Refusal(RefusalCode.EMPTY, "there is no value in it")) : refusals);
        }
        return new Decoded.Readings(readings, Optional.ofNullable(position), refusals);
    }

    /** A message that its reader gave up on: beyond a limit, else not of the format. */
    static Decoded unreadable(String format, Exception reason) {
        String message =
                reason instanceof JsonProcessingException json ? json.getOriginalMessage() : reason.getMessage();
        String first = message == null
                ? reason.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return reason instanceof StreamConstraintsException
                ? refused(RefusalCode.TOO_LARGE, "the payload is beyond a limit: " + first)
                : refused(RefusalCode.UNDECODABLE, "not " + format + ": " + first);
    }

    /** A refused message for one reason. */
    static Decoded refused(RefusalCode code, String detail) {
        return new Decoded.Refused(List.of(new Refusal(code, detail)));
    }

    /** A text from outside, short enough for a message. */
    static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
