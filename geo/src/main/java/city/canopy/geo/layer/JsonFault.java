package city.canopy.geo.layer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/**
 * What is wrong with a text that is not JSON, in words of ours: those of the parser are meant for programmers, and come in
 * English alone.
 *
 * @param place such as {@code line 2, column 14}; counted from 1
 * @param words what is wrong there
 */
public record JsonFault(String place, String words) {
    /** @throws NullPointerException when there is no fault */
    public static JsonFault of(JsonProcessingException fault) {
        return new JsonFault(place(fault), words(fault));
    }

    private static String place(JsonProcessingException fault) {
        return fault.getLocation() == null
                ? "the end"
                : "line " + fault.getLocation().getLineNr() + ", column "
                        + fault.getLocation().getColumnNr();
    }

    private static String words(JsonProcessingException fault) {
        if (fault instanceof JsonEOFException) {
            return "it breaks off";
        } else if (fault instanceof StreamConstraintsException) {
            return "it is nested too deeply, or a number or a name in it is too long";
        }
        String message = String.valueOf(fault.getOriginalMessage());
        if (message.startsWith("Duplicate field")) {
            return "an object has two members of one name";
        } else if (message.startsWith("Trailing token")) {
            return "something follows after its end";
        }
        return "something else is expected here";
    }

    /** Both, as a part of a sentence. */
    @Override
    public String toString() {
        return "at " + place + ": " + words;
    }
}
