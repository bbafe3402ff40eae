package city.canopy.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a request is answered with: status, headers, and all of the body. Immutable. */
public final class Answer {
    private static final byte[] NOTHING = {};

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Path file;

    private Answer(int status, Map<String, String> headers, byte[] body) {
        this(status, headers, body, null);
    }

    private Answer(int status, Map<String, String> headers, byte[] body, Path file) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.file = file;
    }

    /**
     * An answer as it was stored.
     *
     * @param headers names in lower case
     * @param body not copied; not to be written to
     */
    public static Answer of(int status, Map<String, String> headers, byte[] body) {
        return new Answer(status, new LinkedHashMap<>(headers), Objects.requireNonNull(body, "body"));
    }

    /** 200 with JSON. */
    public static Answer json(JsonNode json) {
        return json(200, json);
    }

    public static Answer json(int status, JsonNode json) {
        return bytes(status, "application/json", Json.bytes(json));
    }

    /** 201 with JSON and where the new thing is. */
    public static Answer created(String location, JsonNode json) {
        return json(201, json).with("location", location);
    }

    /** 204. */
    public static Answer none() {
        return new Answer(204, Map.of(), NOTHING);
    }

    public static Answer bytes(int status, String contentType, byte[] body) {
        return new Answer(status, Map.of("content-type", contentType), Objects.requireNonNull(body, "body"));
    }

    public static Answer text(int status, String contentType, String body) {
        return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with what is in a file, which is removed when it has been sent. Only for operations that change nothing. */
    public static Answer file(String contentType, Path file) {
        return new Answer(200, Map.of("content-type", contentType), NOTHING, Objects.requireNonNull(file, "file"));
    }

    /** A problem as an answer. */
    public static Answer of(Problem problem) {
        return bytes(problem.status(), Problem.MEDIA_TYPE, Json.bytes(problem.json()));
    }

    /** The same with one header more, or another value for it. */
    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header.toLowerCase(java.util.Locale.ROOT), value);
        return new Answer(status, more, body, file);
    }

    /**
     * The same; a problem for who would rather read Vietnamese has its {@code title} and {@code detail} in Vietnamese.
     *
     * @param accepted {@code Accept-Language}, or null
     */
    Answer inLanguageOf(String accepted) {
        if (!Problem.MEDIA_TYPE.equals(headers.get("content-type"))) {
            return this;
        }
        String vary = headers.get("vary");
        Answer varying = with("vary", vary == null ? "accept-language" : vary + ", accept-language");
        if (!RefusalTexts.areWanted(accepted)) {
            return varying;
        }
        ObjectNode problem = (ObjectNode) Json.read(body);
        for (String member : List.of("title", "detail")) {
            problem.put(
                    member, RefusalTexts.vietnamese().of(problem.path(member).asText()));
        }
        Answer translated = new Answer(status, varying.headers, Json.bytes(problem), file);
        return translated.with("content-language", "vi");
    }

    /** Where the body lies, where it is not in memory. */
    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    public int status() {
        return status;
    }

    /** Names in lower case. */
    public Map<String, String> headers() {
        return java.util.Collections.unmodifiableMap(headers);
    }

    /** The bytes themselves, not a copy; not to be written to. */
    public byte[] body() {
        return body;
    }
}
