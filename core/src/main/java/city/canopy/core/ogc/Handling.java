package city.canopy.core.ogc;

import city.canopy.core.http.Answer;
import city.canopy.core.http.Call;
import city.canopy.core.http.ProblemException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client would have a feature handled that does not fit the layer's schema: the preference {@code handling} of RFC 7240.
 * Without one, and with {@code lenient}, properties of another type than the schema's are kept as they are; with
 * {@code strict} such a feature is refused.
 */
enum Handling {
    STRICT,
    LENIENT;

    /** What the request's header {@code Prefer} says of it; other preferences, and other words, are passed over. */
    static Optional<Handling> of(Call call) {
        for (String preference : call.header("prefer").orElse("").split("[,;]")) {
            switch (preference.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "")) {
                case "handling=strict" -> {
                    return Optional.of(STRICT);
                }
                case "handling=lenient" -> {
                    return Optional.of(LENIENT);
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /** The answer to a request that writes, or what its body is refused for, with the preference that was heeded. */
    static Answer heeded(Call call, Supplier<Answer> work) {
        Optional<Handling> asked = of(call);
        if (asked.isEmpty()) {
            return work.get();
        }
        try {
            return asked.get().named(work.get());
        } catch (ProblemException e) {
            int status = e.problem().status();
            if (status != 400 && status != 422) {
                throw e;
            }
            return asked.get().named(Answer.of(e.problem()));
        }
    }

    private Answer named(Answer answer) {
        return answer.with("preference-applied", "handling=" + name().toLowerCase(Locale.ROOT));
    }

    /**
     * @param schema of the properties
     * @param format of the geometry, as the schema has it
     * @throws ProblemException 422 that names the first member that is not of its type, when this is {@link #STRICT}
     */
    void check(FeatureBody body, Map<String, Queryable> schema, String format) {
        if (this != STRICT) {
            return;
        }
        if (body.geometryType().startsWith("Multi") && !format.contains("multi") && !format.contains("any")) {
            throw misfit("geometry", format.replace("geometry-", ""));
        }
        body.properties().properties().forEach(property -> {
            Queryable expected = schema.get(property.getKey());
            if (expected != null && !fits(property.getValue(), expected)) {
                throw misfit("properties." + property.getKey(), words(expected));
            }
        });
    }

    private static ProblemException misfit(String member, String type) {
        return ProblemException.unacceptable(
                "bad_member", "\"" + member + "\" is no " + type + ", as the layer's schema has it.");
    }

    private static boolean fits(JsonNode value, Queryable expected) {
        return value.isNull()
                || switch (expected.kind()) {
                    case TEXT ->
                        value.isTextual() && (expected.role() != Queryable.Role.DATE || isDate(value.asText()));
                    case NUMBER -> value.isNumber();
                    case WHOLE -> value.isIntegralNumber();
                    case BOOLEAN -> value.isBoolean();
                };
    }

    private static boolean isDate(String text) {
        try {
            return text.equals(LocalDate.parse(text).toString());
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String words(Queryable expected) {
        return expected.role() == Queryable.Role.DATE ? "date" : expected.type();
    }
}
