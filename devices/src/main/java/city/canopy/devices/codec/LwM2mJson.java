package city.canopy.devices.codec;

import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Instant;

/**
 * LwM2M 1.0's JSON ({@code application/vnd.oma.lwm2m+json}), LwM2M core 1.0, section 6.4.4: {@code {"bn":"/3303/0/",
 * "e":[{"n":"5700","v":23.1}]}}. Without {@code bn} names count from the path in the media type. {@code bt} may stand
 * behind {@code e}. What the values mean: {@link LwM2mValues}.
 */
final class LwM2mJson implements Codec {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(SenmlPack.LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String NO_OBJECT = "LwM2M's JSON is one object with a list \"e\"";

    @Override
    public String name() {
        return "lwm2m-json";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        if (uplink.payload().length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        if (!Utf8.begins(uplink.payload())) {
            return Acceptance.refused(RefusalCode.UNDECODABLE, "not LwM2M's JSON in UTF-8: send it in UTF-8");
        }
        try {
            // The base fields may stand behind what they are for, so they are read first.
            Base base = new Base(uplink);
            try (JsonParser parser = JSON.createParser(uplink.payload())) {
                base.read(parser);
            }
            if (base.wrong != null) {
                return Acceptance.refused(RefusalCode.UNDECODABLE, base.wrong);
            }
            Acceptance acceptance = new Acceptance(uplink, profile);
            LwM2mValues values = new LwM2mValues(profile, acceptance);
            try (JsonParser parser = JSON.createParser(uplink.payload())) {
                new Entries(base, values, acceptance).read(parser);
            }
            if (values.isFull()) {
                return Acceptance.refused(
                        RefusalCode.TOO_LARGE, "a message has at most " + Acceptance.MAX_VALUES + " values");
            }
            values.resolve();
            return acceptance.decoded();
        } catch (IOException e) {
            return Acceptance.unreadable("LwM2M's JSON", e);
        }
    }

    /** What holds for all entries. */
    private static final class Base {
        private final Instant said;
        private String name;
        private boolean isSaid;
        private double time;
        private String wrong;

        Base(Uplink uplink) {
            String path = uplink.contentType() == null
                    ? null
                    : MediaType.of(uplink.contentType()).path();
            this.name = path == null ? "" : path;
            this.said = uplink.saidAt();
        }

        void read(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                wrong = NO_OBJECT;
                return;
            }
            boolean entries = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken token = parser.nextToken();
                if (key.equals("bn") && token == JsonToken.VALUE_STRING) {
                    name = parser.getText();
                    isSaid = true;
                } else if (key.equals("bt") && token.isNumeric()) {
                    time = parser.getDoubleValue();
                } else if (key.equals("bn") || key.equals("bt")) {
                    wrong = key + " is a " + (key.equals("bn") ? "text" : "number");
                }
                entries |= key.equals("e") && token == JsonToken.START_ARRAY;
                parser.skipChildren();
            }
            if (!entries || parser.nextToken() != null) {
                wrong = NO_OBJECT;
            }
        }

        /** A name that begins with a slash is whole where the payload itself has no base. */
        String full(String local) {
            if (!isSaid && local.startsWith("/")) {
                return local;
            }
            boolean joined = name.isEmpty() || local.isEmpty() || name.endsWith("/") || local.startsWith("/");
            return joined ? name + local : name + "/" + local;
        }

        /** A time under 2^28 seconds counts from now; null for none. */
        Instant at(double own) {
            double seconds = time + own;
            if (seconds == 0) {
                return null;
            }
            long micros = Math.round(seconds * 1e6);
            return Math.abs(seconds) < 1 << 28
                    ? said.plusNanos(micros * 1_000)
                    : Instant.ofEpochSecond(
                            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
        }
    }

    /** The entries, one by one. */
    private record Entries(Base base, LwM2mValues values, Acceptance acceptance) {
        void read(JsonParser parser) throws IOException {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean entries = parser.currentName().equals("e");
                parser.nextToken();
                if (!entries) {
                    parser.skipChildren();
                    continue;
                }
                while (parser.nextToken() != JsonToken.END_ARRAY && !values.isFull() && !acceptance.isFull()) {
                    entry(parser);
                }
                if (values.isFull()) {
                    return;
                }
            }
        }

        private void entry(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                acceptance.refuse(RefusalCode.IMPOSSIBLE_VALUE, "an entry of \"e\" is an object");
                parser.skipChildren();
                return;
            }
            String name = "";
            Double number = null;
            String text = null;
            double time = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken token = parser.nextToken();
                if (key.equals("n") && token == JsonToken.VALUE_STRING) {
                    name = parser.getText();
                } else if (key.equals("v") && token.isNumeric()) {
                    number = parser.getDoubleValue();
                } else if (key.equals("bv") && token.isBoolean()) {
                    number = parser.getBooleanValue() ? 1.0 : 0.0;
                } else if (key.equals("t") && token.isNumeric()) {
                    time = parser.getDoubleValue();
                } else {
                    text = key.equals("sv") && token == JsonToken.VALUE_STRING ? parser.getText() : "";
                    parser.skipChildren();
                }
            }
            add(name, number, text, time);
        }

        private void add(String name, Double number, String text, double time) {
            String full = base.full(name);
            ResourcePath path = ResourcePath.find(full);
            if (path == null || !path.isResource()) {
                acceptance.refuse(
                        RefusalCode.UNKNOWN_QUANTITY,
                        "\"" + Acceptance.brief(full) + "\" is no path of a LwM2M resource");
            } else if (!Double.isFinite(base.time + time) || Math.abs(base.time + time) > 1e11) {
                acceptance.refuse(RefusalCode.IMPOSSIBLE_TIME, path + ": no clock shows " + (base.time + time) + " s");
            } else if (number == null) {
                values.text(path, text == null ? "" : text);
            } else {
                values.number(path, number, null, base.at(time));
            }
        }
    }
}
