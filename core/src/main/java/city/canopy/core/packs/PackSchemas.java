package city.canopy.core.packs;

import city.canopy.devices.profile.PackFileException;
import city.canopy.devices.profile.PackYaml;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The JSON Schemas of a pack's files (draft 2020-12). They tell all at once what is wrong with the shape of a file, and
 * editors use them to help while one is written; what the names in it stand for only the readers know.
 */
public final class PackSchemas {
    /** Which schema is for which file; a name that ends in a slash stands for every YAML file in that folder. */
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        FILES.put("pack.yaml", "pack");
        FILES.put("quantities.yaml", "quantities");
        FILES.put("services.yaml", "services");
        FILES.put("texts.yaml", "texts");
        FILES.put("kpis.yaml", "kpis");
        FILES.put("schedules.yaml", "schedules");
        FILES.put("mappings.yaml", "mappings");
        FILES.put("profiles/", "profile");
        FILES.put("rules/", "rule");
    }

    private static final String ID = "https://canopy.city/schemas/";
    private static final String PARTS = "pack-parts";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts()));

    private PackSchemas() {}

    /** All schemas, by file name such as {@code rule.schema.json}. */
    public static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(FILES.values());
        names.add(PARTS);
        names.forEach(name -> all.put(name + ".schema.json", text(name)));
        return all;
    }

    private static Map<String, String> texts() {
        Map<String, String> byId = new LinkedHashMap<>();
        all().forEach((file, text) -> byId.put(ID + file, text));
        return byId;
    }

    private static String text(String name) {
        try (InputStream in = PackSchemas.class.getResourceAsStream("/schemas/" + name + ".schema.json")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its schema " + name + "; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is wrong with the shape of a pack's files, in the order of the files and their lines. */
    static List<PackFileException> problems(PackFolder folder) {
        List<PackFileException> problems = new ArrayList<>();
        FILES.forEach((file, schema) -> {
            List<String> files =
                    file.endsWith("/") ? folder.yamlFiles(file.substring(0, file.length() - 1)) : List.of(file);
            for (String each : files) {
                problems.addAll(problems(folder, each, schema));
            }
        });
        return problems;
    }

    private static List<PackFileException> problems(PackFolder folder, String file, String schemaName) {
        List<PackFileException> problems = new ArrayList<>();
        try {
            Optional<PackYaml> yaml = folder.yaml(file);
            if (yaml.isPresent()) {
                Schema schema = REGISTRY.getSchema(SchemaLocation.of(ID + schemaName + ".schema.json"));
                JsonNode plain = JSON.valueToTree(yaml.get().plain());
                for (Error error : schema.validate(plain)) {
                    // What a branch of a choice lacks is told by the choice.
                    if (!error.getEvaluationPath().contains("oneOf")
                            || error.getKeyword().equals("oneOf")) {
                        problems.add(problem(yaml.get(), error));
                    }
                }
            }
        } catch (PackFileException e) {
            problems.add(e);
        }
        problems.sort((a, b) -> Integer.compare(a.line(), b.line()));
        return problems;
    }

    private static PackFileException problem(PackYaml file, Error error) {
        PackYaml place = file;
        NodePath path = error.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            place = place.member(path.getElement(i)).orElse(place);
        }
        return place.member(error.getProperty()).orElse(place).problem(message(place, error));
    }

    private static String message(PackYaml place, Error error) {
        JsonNode schema = error.getSchemaNode();
        String name = place.name();
        return switch (error.getKeyword()) {
            case "additionalProperties" -> "'" + error.getProperty() + "' is not known here; known are " + known(error);
            case "required" -> "'" + error.getProperty() + "' is missing in " + name + "; add it";
            case "type" -> name + " must be " + kind(schema) + "; write one";
            case "enum" -> name + " must be one of " + words(schema) + "; write one of them";
            case "pattern", "minLength" -> name + " must be " + described(error) + "; mend it";
            case "propertyNames" -> "a key of " + name + " has a name that cannot be used; rename it";
            case "minimum", "exclusiveMinimum" ->
                name + " must be " + (error.getKeyword().equals("minimum") ? "at least " : "over ") + schema.asText();
            case "maximum" -> name + " must be at most " + schema.asText();
            case "minItems", "maxItems", "minProperties", "maxProperties" ->
                name + " must have " + count(error) + "; mend it";
            case "oneOf" -> name + " must have exactly one of " + choices(schema) + "; keep one";
            default -> name + ": " + error.getMessage() + "; mend it";
        };
    }

    private static String known(Error error) {
        TreeSet<String> names = new TreeSet<>();
        around(error).path("properties").fieldNames().forEachRemaining(names::add);
        return String.join(", ", names);
    }

    private static String described(Error error) {
        return around(error)
                .path("description")
                .asText("of the form " + error.getSchemaNode().asText());
    }

    /** The schema in which the keyword stands that was not kept. */
    private static JsonNode around(Error error) {
        SchemaLocation keyword = error.getSchemaLocation();
        return REGISTRY.getSchema(new SchemaLocation(
                        keyword.getAbsoluteIri(), keyword.getFragment().getParent()))
                .getSchemaNode();
    }

    private static String kind(JsonNode type) {
        if (type.isArray()) {
            List<String> kinds = new ArrayList<>();
            type.forEach(each -> kinds.add(kind(each)));
            return String.join(" or ", kinds);
        }
        return switch (type.asText()) {
            case "object" -> "a map of 'key: value'";
            case "array" -> "a list, [a, b] or lines that begin with '- '";
            case "string" -> "a text, in quotes if it looks like a number, a date or a yes or no";
            case "boolean" -> "true or false, without quotes";
            case "integer" -> "a whole number";
            default -> "a number such as 12 or 0.5, without quotes";
        };
    }

    private static String words(JsonNode values) {
        List<String> words = new ArrayList<>();
        values.forEach(value -> words.add(value.asText()));
        return String.join(", ", words);
    }

    private static String choices(JsonNode branches) {
        List<String> keys = new ArrayList<>();
        branches.forEach(branch -> branch.path("required").forEach(key -> keys.add("'" + key.asText() + "'")));
        return String.join(", ", keys);
    }

    private static String count(Error error) {
        return (error.getKeyword().startsWith("min") ? "at least " : "at most ")
                + error.getSchemaNode().asText();
    }
}
