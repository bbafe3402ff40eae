package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.core.http.Call;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Any of our JSON documents as a page for people: plain HTML with tables and links, no script and no style. */
final class Html {
    private static final Set<String> NOT_SHOWN = Set.of("links", "type", "features");

    private final StringBuilder out = new StringBuilder(4096);
    private final boolean vietnamese;

    private Html(boolean vietnamese) {
        this.vietnamese = vietnamese;
    }

    static Answer answer(Call call, String title, JsonNode document) {
        boolean vietnamese = Form.inVietnamese(call);
        String page = new Html(vietnamese).page(title, document);
        return Answer.text(200, "text/html; charset=utf-8", page)
                .with("content-language", vietnamese ? "vi" : "en")
                .with("vary", "accept, accept-language, authorization, cookie")
                .with("cache-control", "private, no-cache");
    }

    private String page(String title, JsonNode document) {
        out.append("<!doctype html>\n<html lang=\"").append(vietnamese ? "vi" : "en");
        out.append("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
        text(title);
        out.append("</title></head>\n<body>\n<nav><a href=\"/ogc?f=html\">Canopy OGC API</a> · ");
        out.append("<a href=\"/ogc/collections?f=html\">").append(vietnamese ? "Các lớp" : "Layers");
        out.append("</a></nav>\n<h1>");
        text(title);
        out.append("</h1>\n");
        if (document.path("features").isArray()) {
            features(document.path("features"));
        }
        members(document);
        out.append("<h2>").append(vietnamese ? "Liên kết" : "Links").append("</h2>\n");
        links(document.path("links"));
        return out.append("</body>\n</html>\n").toString();
    }

    private void features(JsonNode features) {
        Set<String> names = new TreeSet<>();
        features.forEach(feature -> feature.path("properties").fieldNames().forEachRemaining(names::add));
        out.append("<table>\n<tr><th>id</th>");
        for (String name : names) {
            out.append("<th>");
            text(name);
            out.append("</th>");
        }
        out.append("</tr>\n");
        for (JsonNode feature : features) {
            out.append("<tr><td>");
            text(feature.path("id").asText());
            out.append("</td>");
            for (String name : names) {
                out.append("<td>");
                text(feature.path("properties").path(name).asText(""));
                out.append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</table>\n");
    }

    private void members(JsonNode object) {
        out.append("<dl>\n");
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!NOT_SHOWN.contains(member.getKey())) {
                out.append("<dt>");
                text(member.getKey());
                out.append("</dt><dd>");
                value(member.getValue());
                out.append("</dd>\n");
            }
        }
        out.append("</dl>\n");
    }

    private void value(JsonNode value) {
        if (value.isObject()) {
            members(value);
            if (value.path("links").isArray()) {
                links(value.path("links"));
            }
        } else if (value.isArray() && !value.isEmpty() && !value.get(0).isNumber()) {
            out.append("<ul>\n");
            for (JsonNode item : value) {
                out.append("<li>");
                value(item);
                out.append("</li>\n");
            }
            out.append("</ul>\n");
        } else {
            text(value.isValueNode() ? value.asText() : value.toString());
        }
    }

    private void links(JsonNode links) {
        out.append("<ul>\n");
        for (JsonNode link : links) {
            out.append("<li><a rel=\"");
            text(link.path("rel").asText());
            out.append("\" type=\"");
            text(link.path("type").asText());
            out.append("\" href=\"");
            text(link.path("href").asText());
            out.append("\">");
            text(link.path("title").asText());
            out.append("</a> (");
            text(link.path("type").asText());
            out.append(")</li>\n");
        }
        out.append("</ul>\n");
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
