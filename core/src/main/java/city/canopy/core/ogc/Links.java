package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The links of one answer; addresses begin as the client's own request did. */
final class Links {
    private final Call call;
    private final String root;
    private final ArrayNode links = Json.array();

    private Links(Call call) {
        this.call = call;
        this.root = call.origin().url() + "/ogc";
    }

    /** Begins with {@code self} and {@code alternate}. */
    static Links of(Call call, Form form, String jsonType) {
        Links all = new Links(call);
        String self = form == Form.JSON ? jsonType : Form.HTML_TYPE;
        String alternate = form == Form.JSON ? Form.HTML_TYPE : jsonType;
        all.add("self", self, "This document", all.here(Map.of("f", form.word())));
        all.add(
                "alternate",
                alternate,
                "This document in another form",
                all.here(Map.of("f", form.other().word())));
        return all;
    }

    static Links none(Call call) {
        return new Links(call);
    }

    /** @param path below {@code /ogc}, with a slash at its beginning */
    Links below(String rel, String type, String title, String path) {
        return add(rel, type, title, root + path);
    }

    /** This address with other values for some parameters; an empty one takes its parameter away. */
    String here(Map<String, String> others) {
        Map<String, String> queries = new LinkedHashMap<>(call.queries());
        queries.putAll(others);
        queries.values().removeIf(String::isEmpty);
        String query = queries.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return call.origin().url() + call.path() + (query.isEmpty() ? "" : "?" + query);
    }

    Links add(String rel, String type, String title, String href) {
        links.addObject().put("href", href).put("rel", rel).put("type", type).put("title", title);
        return this;
    }

    ArrayNode json() {
        return links;
    }

    /** A text as a part of an address. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
