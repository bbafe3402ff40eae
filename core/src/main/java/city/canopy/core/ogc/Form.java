package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.ProblemException;

/** In which form a resource is wanted: by the parameter {@code f}, else by {@code Accept}. */
enum Form {
    JSON,
    HTML;

    static final String HTML_TYPE = "text/html";

    static Form of(Call call) {
        return call.query("f")
                .map(f -> switch (f) {
                    case "json" -> JSON;
                    case "html" -> HTML;
                    default ->
                        throw ProblemException.badRequest(
                                "bad_parameter", "The parameter \"f\" is json or html, not \"" + f + "\".");
                })
                .orElseGet(() -> call.prefers(HTML_TYPE) ? HTML : JSON);
    }

    /** The value of {@code f}. */
    String word() {
        return this == JSON ? "json" : "html";
    }

    Form other() {
        return this == JSON ? HTML : JSON;
    }

    /** Whether a person who reads it would rather read Vietnamese than English. */
    static boolean inVietnamese(Call call) {
        return call.inVietnamese();
    }
}
