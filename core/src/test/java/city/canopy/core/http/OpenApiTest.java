package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The document says what the service does: every answer here is held against it. */
@Timeout(120)
class OpenApiTest {
    @TempDir
    private static Path folder;

    private static RunningService service;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        service = new RunningService(folder.resolve("data"));
        String bin = service.enrol("bin-1");
        service.tell(bin, "{\"fill_level\":10}");
        service.tell(bin, "{\"fill_level\":91.5,\"nonsense\":1}");
        service.send("POST", "/api/v1/gateways", "{\"id\":\"gw-1\",\"title\":\"Một\"}");
        service.send("POST", "/api/v1/devices/bin-1/commands", "{\"command\":\"blink\",\"parameters\":{\"times\":3}}");
        document = service.get("/api/v1/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void theDocumentIsWholeByItself() {
        assertThat(document.path("openapi").asText()).startsWith("3.1.");
        assertThat(document.at("/info/title").asText()).isNotEmpty();
        assertThat(document.at("/info/version").asText()).isNotEmpty();
        Set<String> ids = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String name = operation.getKey() + " " + path.getKey();
                JsonNode said = operation.getValue();
                assertThat(ids.add(said.path("operationId").asText())).as(name).isTrue();
                assertThat(said.path("summary").asText()).as(name).isNotEmpty();
                assertThat(said.path("security").isArray()).as(name).isTrue();
                assertThat(said.path("responses").has("default")).as(name).isTrue();
                assertThat(said.path("responses").size()).as(name).isGreaterThan(1);
                assertThat(pathParameters(said)).as(name).isEqualTo(inBraces(path.getKey()));
            }
        }
        for (String reference : references(document.toString())) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    private static Set<String> pathParameters(JsonNode operation) {
        Set<String> names = new HashSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("path")) {
                assertThat(parameter.path("required").asBoolean()).isTrue();
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    private static Set<String> inBraces(String path) {
        return new HashSet<>(found("\\{([a-zA-Z]+)}", path));
    }

    private static List<String> references(String text) {
        return found("\"\\$ref\":\"([^\"]+)\"", text);
    }

    private static List<String> found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void everyAnswerLooksAsTheDocumentSays() {
        int checked = 0;
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            JsonNode schema = path.getValue().at("/get/responses/200/content/application~1json/schema");
            if (schema.isMissingNode()) {
                continue;
            }
            String at = concrete(path.getKey());
            JsonNode answer = service.get(at).json();
            assertThat(problems(schema, answer)).as("GET " + at + ": " + answer).isEmpty();
            checked++;
        }
        assertThat(checked).isGreaterThan(15);
        JsonNode problem = service.get("/api/v1/tickets/none").json();
        assertThat(problems(document.at("/components/schemas/Problem"), problem))
                .isEmpty();
    }

    /** Paths with a value that is there. */
    private static String concrete(String path) {
        String ticket = first("/api/v1/tickets", "id");
        return path.replace("/api/v1/search", "/api/v1/search?q=a")
                .replace("/tickets/{id}", "/tickets/" + ticket)
                .replace("/devices/{id}", "/devices/bin-1")
                .replace("{command}", first("/api/v1/devices/bin-1/commands", "id"))
                .replace("/gateways/{id}", "/gateways/gw-1")
                .replace("/quarantine/{id}", "/quarantine/" + first("/api/v1/quarantine", "id"))
                .replace("/rules/{id}", "/rules/waste-overflow")
                .replace("/features/{id}", "/features/W1")
                .replace("/frames/{id}", "/frames/" + frame(ticket))
                .replace("{layer}", "waste_points")
                .replace("{featureId}", "W1")
                .replace("/webhooks/{id}", "/webhooks/" + webhook());
    }

    private static String first(String list, String member) {
        return service.get(list).json().path("items").path(0).path(member).asText();
    }

    private static String frame(String ticket) {
        return service.get("/api/v1/tickets/" + ticket + "/trace")
                .json()
                .at("/witnesses/0/frame/id")
                .asText();
    }

    private static String webhook() {
        if (service.get("/api/v1/webhooks").json().path("items").isEmpty()) {
            service.send("POST", "/api/v1/webhooks", "{\"url\":\"http://localhost:9/hook\"}");
        }
        return first("/api/v1/webhooks", "id");
    }

    private static List<String> problems(JsonNode schema, JsonNode answer) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        Schema checked = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString(), InputFormat.JSON);
        return checked.validate(answer.toString(), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
