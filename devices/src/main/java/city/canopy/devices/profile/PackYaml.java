package city.canopy.devices.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of a pack's YAML file that knows its line. Nothing is guessed: every question says what it expects, and what
 * is something else is a {@link PackFileException}. Anchors, and keys that come twice, are refused.
 */
public final class PackYaml {
    /** The largest file, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 50;

    private final String file;
    private final String name;
    private final Node node;

    private PackYaml(String file, String name, Node node) {
        this.file = file;
        this.name = name;
        this.node = node;
        if (node.getAnchor() != null) {
            throw problem("anchors are not taken; write the value out where it is needed");
        }
    }

    /**
     * Reads a file of one document; does not close it.
     *
     * @param file its name, as people know it
     */
    public static PackYaml read(String file, InputStream in) throws IOException {
        return of(file, text(file, in));
    }

    /** The text of a file, as UTF-8. */
    public static String text(String file, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new PackFileException(file, 1, "the file is larger than 1 MiB; split it");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PackFileException(file, 1, "the file is not UTF-8; save it as such");
        }
    }

    /** The same from a text that has been read. */
    public static PackYaml of(String file, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new PackFileException(file, 1, "the file is empty; write what it is to bring, or remove it");
            }
            return new PackYaml(file, "the file", root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new PackFileException(file, line, "this is not YAML: " + e.getProblem() + "; mend it");
        } catch (YAMLException e) {
            throw new PackFileException(file, 1, "this is not YAML: " + e.getMessage() + "; mend it");
        }
    }

    public String file() {
        return file;
    }

    /** Counted from 1. */
    public int line() {
        return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
    }

    /** What is wrong with this value, to be thrown. */
    public PackFileException problem(String message) {
        return new PackFileException(file, line(), message);
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isText() {
        return node instanceof ScalarNode && Tag.STR.equals(node.getTag());
    }

    /** The members of a list. */
    public List<PackYaml> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw problem(name + " must be a list; write [a, b] or lines that begin with '- '");
        }
        List<PackYaml> members = new ArrayList<>();
        for (Node member : sequence.getValue()) {
            members.add(new PackYaml(file, "each member of " + name, member));
        }
        return members;
    }

    /** The members of a map, in their order. */
    public Map<String, PackYaml> map() {
        if (!(node instanceof MappingNode mapping)) {
            throw problem(name + " must be a map; write {key: value} or indented lines of 'key: value'");
        }
        Map<String, PackYaml> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            PackYaml key = new PackYaml(file, "a key of " + name, tuple.getKeyNode());
            if (members.put(key.text(), new PackYaml(file, "'" + key.text() + "'", tuple.getValueNode())) != null) {
                throw key.problem("'" + key.text() + "' comes twice; remove one of them");
            }
        }
        return Collections.unmodifiableMap(members);
    }

    /** The members of a map that may have these keys and no others. */
    public Map<String, PackYaml> map(Set<String> known) {
        Map<String, PackYaml> members = map();
        members.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.problem(
                        "'" + key + "' is not known here; known are " + String.join(", ", new TreeSet<>(known)));
            }
        });
        return members;
    }

    /** A member that must be there. */
    public PackYaml get(String key) {
        return find(key).orElseThrow(() -> problem("'" + key + "' is missing in " + name + "; add it"));
    }

    /** A member that may be there. */
    public Optional<PackYaml> find(String key) {
        return Optional.ofNullable(map().get(key));
    }

    public String text() {
        if (!isText() || scalar().isBlank()) {
            throw problem(name + " must be a text; put it in quotes if it looks like a number or a yes or no");
        }
        return scalar();
    }

    /** A finite number. */
    public double number() {
        try {
            if (node instanceof ScalarNode && (Tag.INT.equals(node.getTag()) || Tag.FLOAT.equals(node.getTag()))) {
                double number = Double.parseDouble(scalar());
                if (Double.isFinite(number)) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw problem(name + " must be a plain decimal number, not " + scalar());
        }
        throw problem(name + " must be a number such as 12 or 0.5, without quotes");
    }

    /** A whole number of this range. */
    public int integer(int min, int max) {
        double number = number();
        if (number != Math.rint(number) || number < min || number > max) {
            throw problem(name + " must be a whole number from " + min + " to " + max);
        }
        return (int) number;
    }

    public boolean bool() {
        if (!(node instanceof ScalarNode) || !Tag.BOOL.equals(node.getTag())) {
            throw problem(name + " must be true or false, without quotes");
        }
        return Set.of("true", "yes", "on").contains(scalar().toLowerCase(java.util.Locale.ROOT));
    }

    /** An ISO 8601 duration of this range. */
    public Duration duration(Duration min, Duration max) {
        String text = text();
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw problem(name + " must be a duration such as PT15M or PT6H, not " + text);
        }
        throw problem(name + " must be a duration from " + min + " to " + max + ", not " + text);
    }

    /** A text for people: {@code vi} and {@code en}, both and no others. */
    public Map<String, String> title() {
        Map<String, PackYaml> languages = map(Set.of("vi", "en"));
        for (String language : List.of("vi", "en")) {
            if (!languages.containsKey(language)) {
                throw problem(name + " lacks its text in '" + language + "'; write {vi: …, en: …}");
            }
        }
        Map<String, String> title = new LinkedHashMap<>();
        languages.forEach((language, value) -> title.put(language, value.text()));
        return title;
    }

    /**
     * The value as maps, lists, texts, numbers and booleans; null for everything else, as for a date without quotes.
     *
     * @throws PackFileException when a key comes twice
     */
    public Object plain() {
        if (node instanceof SequenceNode) {
            List<Object> members = new ArrayList<>();
            list().forEach(member -> members.add(member.plain()));
            return members;
        }
        if (isMap()) {
            Map<String, Object> members = new LinkedHashMap<>();
            map().forEach((key, member) -> members.put(key, member.plain()));
            return members;
        }
        if (Tag.INT.equals(node.getTag()) || Tag.FLOAT.equals(node.getTag())) {
            return number();
        }
        if (Tag.BOOL.equals(node.getTag())) {
            return bool();
        }
        return Tag.STR.equals(node.getTag()) ? scalar() : null;
    }

    /** The member of a list at this place, counted from 0, or of a map with this key; empty where there is none. */
    public Optional<PackYaml> member(Object step) {
        if (node instanceof SequenceNode) {
            List<PackYaml> members = list();
            return step instanceof Integer at && at >= 0 && at < members.size()
                    ? Optional.of(members.get(at))
                    : Optional.empty();
        }
        return isMap() ? find(String.valueOf(step)) : Optional.empty();
    }

    /** How messages call it. */
    public String name() {
        return name;
    }

    private String scalar() {
        return ((ScalarNode) node).getValue();
    }
}
