package city.canopy.core.http;

import city.canopy.core.access.People;
import city.canopy.core.access.Person;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the people are called who stand as {@code user:ID} in a history. Never blocks. */
public final class ActorNames {
    private static final String USER = "user:";

    private final People people;

    public ActorNames(People people) {
        this.people = people;
    }

    /** What somebody is called; empty for programs and for those who are gone. */
    Optional<String> of(String actor) {
        return actor.startsWith(USER)
                ? people.find(actor.substring(USER.length())).map(Person::displayName)
                : Optional.empty();
    }

    /** Adds {@code actor_name} to each event that somebody is known to have caused. */
    ArrayNode addTo(ArrayNode events) {
        for (JsonNode event : events) {
            String actor = event.path("actor").asText();
            of(actor).ifPresent(name -> ((ObjectNode) event).put("actor_name", name));
        }
        return events;
    }
}
