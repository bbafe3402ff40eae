package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * {@code {"ts": epoch-ms or RFC 3339, "values": {"soil_moisture": 23.1}}}, or bare values (time of receipt), or a list
 * of those: Canopy's own JSON, and ThingsBoard's, whose shape is the same
 * (https://thingsboard.io/docs/reference/mqtt-api/, telemetry upload). ThingsBoard's takes numbers in quotation marks as
 * well. Booleans are 1 and 0; {@code lon} and {@code lat} (or {@code longitude} and {@code latitude}) are a place. A
 * member that comes twice in one object makes the payload undecodable.
 */
final class TelemetryJson implements Codec {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(64)
                    .maxStringLength(4096)
                    .maxNameLength(1024)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final boolean quotedNumbers;

    /** @param quotedNumbers whether {@code "23.1"} is a number */
    TelemetryJson(String name, boolean quotedNumbers) {
        this.name = name;
        this.quotedNumbers = quotedNumbers;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        if (uplink.payload().length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        if (!Utf8.begins(uplink.payload())) {
            return Acceptance.refused(RefusalCode.UNDECODABLE, "not JSON in UTF-8: send it in UTF-8");
        }
        Acceptance acceptance = new Acceptance(uplink, profile);
        try (JsonParser json = JSON.createParser(uplink.payload())) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_OBJECT) {
                object(json, acceptance);
            } else if (first == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    object(json, acceptance);
                }
                if (json.currentToken() != JsonToken.END_ARRAY) {
                    return Acceptance.refused(RefusalCode.UNDECODABLE, "a list holds objects, and nothing else");
                }
            } else {
                return Acceptance.refused(RefusalCode.UNDECODABLE, "telemetry is a JSON object or a list of objects");
            }
            if (json.nextToken() != null) {
                return Acceptance.refused(RefusalCode.UNDECODABLE, "something follows the JSON text");
            }
            return acceptance.decoded();
        } catch (TooManyValuesException e) {
            return Acceptance.refused(
                    RefusalCode.TOO_LARGE, "a message has at most " + Acceptance.MAX_VALUES + " values; send several");
        } catch (IOException e) {
            return Acceptance.unreadable("JSON", e);
        }
    }

    /** One object with its time; members may come in any order, so values wait for the time. */
    private void object(JsonParser json, Acceptance acceptance) throws IOException {
        Values values = new Values(acceptance);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String member = json.currentName();
            JsonToken token = json.nextToken();
            if (member.equals("ts")) {
                values.time = time(json, token, values);
            } else if (member.equals("values") && token == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String key = json.currentName();
                    value(json, key, json.nextToken(), values);
                }
            } else {
                value(json, member, token, values);
            }
        }
        values.finish();
    }

    private void value(JsonParser json, String key, JsonToken token, Values values) throws IOException {
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.add(key, json.getDoubleValue());
            case VALUE_TRUE -> values.add(key, 1);
            case VALUE_FALSE -> values.add(key, 0);
            case VALUE_STRING -> text(json.getText(), key, values);
            default -> {
                json.skipChildren();
                values.refuse(key, "is neither a number nor true or false");
            }
        }
    }

    private void text(String text, String key, Values values) throws TooManyValuesException {
        if (quotedNumbers && isDecimal(text)) {
            try {
                values.add(key, Double.parseDouble(text));
                return;
            } catch (NumberFormatException e) {
                // Refused below, like any other text.
            }
        }
        values.refuse(key, "is a text, not a number");
    }

    /** Whether these are the characters of a decimal number; Java would take hexadecimal ones and NaN too. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private Instant time(JsonParser json, JsonToken token, Values values) throws IOException {
        try {
            if (token == JsonToken.VALUE_NUMBER_INT) {
                return Instant.ofEpochMilli(json.getLongValue());
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                double millis = json.getDoubleValue();
                if (Math.abs(millis) < 1e15) {
                    long whole = (long) Math.floor(millis);
                    return Instant.ofEpochMilli(whole).plusNanos(Math.round((millis - whole) * 1_000) * 1_000);
                }
            } else if (token == JsonToken.VALUE_STRING) {
                String text = json.getText();
                return quotedNumbers && text.matches("\\d{1,15}")
                        ? Instant.ofEpochMilli(Long.parseLong(text))
                        : OffsetDateTime.parse(text).toInstant();
            } else {
                json.skipChildren();
            }
        } catch (DateTimeException | IOException e) {
            if (e instanceof IOException io && json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw io;
            }
            // A number beyond a long, or a text that is no time: refused below.
        }
        values.timeBroken = true;
        return null;
    }

    /** More values than a message may have; ends the reading. */
    private static final class TooManyValuesException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The values of one object until its time is known. */
    private static final class Values {
        private final Acceptance acceptance;
        private String[] keys = new String[4];
        private double[] numbers = new double[4];
        private int count;
        private Instant time;
        private boolean timeBroken;
        private double lon = Double.NaN;
        private double lat = Double.NaN;

        Values(Acceptance acceptance) {
            this.acceptance = acceptance;
        }

        void add(String key, double number) throws TooManyValuesException {
            if (isLongitude(key) && acceptance.target(key) == null) {
                lon = number;
                return;
            }
            if (isLatitude(key) && acceptance.target(key) == null) {
                lat = number;
                return;
            }
            if (count == keys.length) {
                if (count >= Acceptance.MAX_VALUES) {
                    throw new TooManyValuesException();
                }
                keys = java.util.Arrays.copyOf(keys, count * 2);
                numbers = java.util.Arrays.copyOf(numbers, count * 2);
            }
            keys[count] = key;
            numbers[count++] = number;
        }

        private static boolean isLongitude(String key) {
            return key.equals("lon") || key.equals("longitude");
        }

        private static boolean isLatitude(String key) {
            return key.equals("lat") || key.equals("latitude");
        }

        void refuse(String key, String why) throws TooManyValuesException {
            if (acceptance.isFull()) {
                throw new TooManyValuesException();
            }
            acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, Acceptance.brief(key) + " " + why);
        }

        void finish() throws TooManyValuesException {
            if (timeBroken) {
                acceptance.refuse(
                        RefusalCode.IMPOSSIBLE_TIME,
                        "ts is neither milliseconds since 1970 nor a time as 2026-01-31T08:00:00+07:00");
                return;
            }
            for (int i = 0; i < count; i++) {
                if (acceptance.isFull()) {
                    throw new TooManyValuesException();
                }
                acceptance.take(keys[i], numbers[i], null, time);
            }
            if (Double.isNaN(lon) != Double.isNaN(lat)) {
                acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, "a place needs both lon and lat");
            } else if (!Double.isNaN(lon)) {
                acceptance.place(lon, lat);
            }
        }
    }
}
