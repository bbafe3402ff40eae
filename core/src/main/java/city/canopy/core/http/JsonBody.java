package city.canopy.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON object from outside, read member by member. What is asked for and is of another type is refused with its
 * place; {@link #done} refuses members that nobody asked for, so that a typing error never passes in silence.
 */
public final class JsonBody {
    private final ObjectNode object;
    private final String place;
    private final Set<String> asked = new HashSet<>();

    private JsonBody(ObjectNode object, String place) {
        this.object = object;
        this.place = place;
    }

    /** @throws ProblemException 400 when it is not an object */
    public static JsonBody of(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return new JsonBody(object, "");
        }
        throw ProblemException.badRequest("not_an_object", "The body must be a JSON object.");
    }

    /** Whether the member is there and not null. */
    public boolean has(String name) {
        asked.add(name);
        return object.hasNonNull(name);
    }

    /** Whether the member is there, be it null. */
    public boolean mentions(String name) {
        asked.add(name);
        return object.has(name);
    }

    /** A text that must be there. */
    public String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    public Optional<String> optionalText(String name) {
        return find(name).map(node -> {
            if (!node.isTextual()) {
                throw wrong(name, "a text");
            }
            return node.textValue();
        });
    }

    public Optional<Boolean> optionalFlag(String name) {
        return find(name).map(node -> {
            if (!node.isBoolean()) {
                throw wrong(name, "true or false");
            }
            return node.booleanValue();
        });
    }

    public Optional<JsonBody> optionalObject(String name) {
        return find(name).map(node -> {
            if (!(node instanceof ObjectNode inner)) {
                throw wrong(name, "an object");
            }
            return new JsonBody(inner, place + name + ".");
        });
    }

    /** The member as it is; not null. */
    public Optional<JsonNode> find(String name) {
        asked.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    /** Call when all has been asked for. @throws ProblemException 422 {@code unknown_member} when something is left */
    public void done() {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!asked.contains(name)) {
                throw ProblemException.unacceptable(
                        "unknown_member", "\"" + place + name + "\" is not known here: remove it or check its name.");
            }
        }
    }

    /** A 422 that names the member. */
    public ProblemException wrong(String name, String expected) {
        return ProblemException.unacceptable("bad_member", "\"" + place + name + "\" must be " + expected + ".");
    }

    private ProblemException missing(String name) {
        return ProblemException.unacceptable("missing_member", "\"" + place + name + "\" is missing.");
    }
}
