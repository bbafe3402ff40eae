package city.canopy.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list: {@code limit} (1 to 1000, 100 by default) and an opaque {@code cursor} that a {@code next} link
 * carries. A store is asked for {@link #fetch} rows after {@link #after}: the one too many tells that there is more.
 *
 * @param limit how many items the page has at most
 * @param after the key of the last item of the page before, or null on the first page
 */
public record Paging(int limit, String after) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1000;
    private static final int MAX_CURSOR = 1000;

    /** @throws ProblemException 400 when {@code limit} or {@code cursor} is not one */
    public static Paging of(Call call) {
        int limit = call.query("limit").map(Paging::limit).orElse(DEFAULT_LIMIT);
        return new Paging(limit, call.query("cursor").map(Paging::key).orElse(null));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit(text);
        }
        throw badLimit(text);
    }

    private static ProblemException badLimit(String text) {
        return ProblemException.badRequest(
                "bad_parameter", "\"limit\" is a whole number from 1 to " + MAX_LIMIT + ", not \"" + text + "\".");
    }

    private static String key(String cursor) {
        try {
            if (cursor.length() <= MAX_CURSOR) {
                return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            throw badCursor();
        }
        throw badCursor();
    }

    /** For a store that cannot read its own key out of the cursor. */
    public static ProblemException badCursor() {
        return ProblemException.badRequest(
                "bad_cursor", "\"cursor\" is not one that was given out: follow the \"next\" link as it is.");
    }

    /** The key of the last item of the page before; empty on the first page. */
    public Optional<String> key() {
        return Optional.ofNullable(after);
    }

    /** How many rows to ask the store for: one more than the limit. */
    public int fetch() {
        return limit + 1;
    }

    /**
     * {@code {"items": [...], "next": "/api/v1/..."}}; without {@code next} on the last page.
     *
     * @param rows up to {@link #fetch} rows
     * @param key what {@link #after} is to be for the page behind a row
     */
    public <T> ObjectNode page(Call call, List<T> rows, Function<T, JsonNode> json, Function<T, String> key) {
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        List<T> shown = rows.size() > limit ? rows.subList(0, limit) : rows;
        shown.forEach(row -> items.add(json.apply(row)));
        if (rows.size() > limit) {
            page.put("next", next(call, key.apply(shown.get(shown.size() - 1))));
        }
        return page;
    }

    /** The address, from the root, of the page behind the item with that key; all other parameters are kept. */
    public String next(Call call, String key) {
        StringBuilder link = new StringBuilder(call.path()).append('?');
        call.queries().forEach((name, value) -> {
            if (!name.equals("cursor")) {
                link.append(encode(name)).append('=').append(encode(value)).append('&');
            }
        });
        String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        return link.append("cursor=").append(cursor).toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
