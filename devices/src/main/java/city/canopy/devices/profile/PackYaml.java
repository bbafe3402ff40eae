package city.canopy.devices.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One value of a pack's YAML file, with the line that it stands in, so that every complaint can name file, line and
 * remedy. Anchors and aliases are refused, as are keys that come twice.
 */
public final class PackYaml {
    /** The largest file, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final YAMLFactory YAML = YAMLFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength(100_000)
                    .build())
            .build();

    private final String file;
    private final int line;
    private final String scalar;
    private final boolean quoted;
    private final List<PackYaml> items;
    private final Map<String, PackYaml> members;

    private PackYaml(
            String file, int line, String scalar, boolean quoted, List<PackYaml> items, Map<String, PackYaml> members) {
        this.file = file;
        this.line = line;
        this.scalar = scalar;
        this.quoted = quoted;
        this.items = items;
        this.members = members;
    }

    /**
     * Reads a file of one document.
     *
     * @param file its name for messages
     * @throws PackFileException when it is too large or no YAML
     * @throws IOException when it cannot be read
     */
    public static PackYaml read(String file, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new PackFileException(file, 0, "a pack's file has at most " + MAX_BYTES + " bytes; split it");
        }
        try (YAMLParser parser = YAML.createParser(bytes)) {
            if (parser.nextToken() == null) {
                throw new PackFileException(file, 0, "the file is empty");
            }
            PackYaml root = value(file, parser);
            if (parser.nextToken() != null) {
                throw new PackFileException(file, lineOf(parser), "a file holds one document; remove the second");
            }
            return root;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String message = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
            throw new PackFileException(
                    file,
                    line,
                    "not readable as YAML: " + message.lines().findFirst().orElse(""));
        }
    }

    private static int lineOf(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static PackYaml value(String file, YAMLParser parser) throws IOException {
        int line = lineOf(parser);
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw new PackFileException(file, line, "anchors and aliases are not taken; write the value out");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, PackYaml> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                int keyLine = lineOf(parser);
                parser.nextToken();
                if (members.put(key, value(file, parser)) != null) {
                    throw new PackFileException(file, keyLine, "the key " + key + " stands here twice; remove one");
                }
            }
            return new PackYaml(file, line, null, false, null, members);
        } else if (token == JsonToken.START_ARRAY) {
            List<PackYaml> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(file, parser));
            }
            return new PackYaml(file, line, null, false, items, null);
        }
        String text = token == JsonToken.VALUE_NULL ? null : parser.getText();
        return new PackYaml(file, line, text, token == JsonToken.VALUE_STRING, null, null);
    }

    /** A complaint about this value. */
    public PackFileException problem(String what) {
        return new PackFileException(file, line, what);
    }

    public int line() {
        return line;
    }

    public boolean isMapping() {
        return members != null;
    }

    public boolean isList() {
        return items != null;
    }

    /** Refuses keys that are not among these. */
    public PackYaml only(String... keys) {
        Set<String> known = Set.of(keys);
        mapping().forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.problem("unknown key " + key + "; here may stand: " + String.join(", ", keys));
            }
        });
        return this;
    }

    /** The members of a mapping, in the order of the file. */
    public Map<String, PackYaml> mapping() {
        if (members == null) {
            throw problem("a mapping (key: value) belongs here");
        }
        return members;
    }

    /** The items of a list. */
    public List<PackYaml> list() {
        if (items == null) {
            throw problem("a list belongs here: lines that begin with '- ', or [a, b]");
        }
        return items;
    }

    public boolean has(String key) {
        return mapping().containsKey(key);
    }

    /** The value of a key that must be there. */
    public PackYaml get(String key) {
        PackYaml value = mapping().get(key);
        if (value == null) {
            throw problem("the key " + key + " is missing");
        }
        return value;
    }

    /** This value as a text. */
    public String text() {
        if (scalar == null) {
            throw problem("a text belongs here");
        }
        return scalar;
    }

    /** This value as a text that was not read as a number or truth: {@code "1"} needs its quotation marks. */
    public String quotedText() {
        if (scalar == null || !quoted) {
            throw problem("a text belongs here; put it into quotation marks");
        }
        return scalar;
    }

    public double number() {
        try {
            double number = Double.parseDouble(text());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw problem("a number belongs here, not \"" + text() + "\"");
    }

    public int wholeNumber(int low, int high) {
        double number = number();
        if (number != Math.rint(number) || number < low || number > high) {
            throw problem("a whole number from " + low + " to " + high + " belongs here, not " + text());
        }
        return (int) number;
    }

    public boolean truth() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw problem("true or false belongs here, not \"" + text() + "\"");
        };
    }

    /** A duration in ISO 8601, such as PT15M or P2D, between two limits. */
    public Duration duration(Duration low, Duration high) {
        Duration duration;
        try {
            duration = Duration.parse(text());
        } catch (DateTimeException e) {
            throw problem("a duration such as PT15M or P2D belongs here, not \"" + text() + "\"");
        }
        if (duration.compareTo(low) < 0 || duration.compareTo(high) > 0) {
            throw problem("a duration from " + low + " to " + high + " belongs here, not " + duration);
        }
        return duration;
    }

    /** Texts in Vietnamese and English: {@code {vi: …, en: …}}, both and no other. */
    public Map<String, String> titles() {
        only("vi", "en");
        return Map.of("vi", get("vi").text(), "en", get("en").text());
    }
}
