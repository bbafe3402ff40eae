package city.canopy.core.ogc;

import city.canopy.core.http.Call;
import city.canopy.core.http.ProblemException;
import city.canopy.core.http.Schema;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Exception;
import city.canopy.geo.filter.cql2.Cql2Filter;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.LayerSchema;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters {@code filter}, {@code filter-lang} and {@code filter-crs} of OGC API – Features, Part 3. */
final class FilterParameter {
    private static final String TEXT = "cql2-text";
    private static final String JSON = "cql2-json";

    private FilterParameter() {}

    static ObjectNode language() {
        return Schema.oneOf(TEXT, JSON).put("default", TEXT);
    }

    /** @throws ProblemException 400 that names the place in the filter */
    static Optional<Cql2Filter> of(Call call, Collection<Queryable> queryables, ZoneId zone) {
        Language language = language(call.query("filter-lang").orElse(TEXT));
        ServedCrs crs = ItemsRequest.crs(call, "filter-crs");
        Optional<String> filter = call.query("filter");
        if (filter.isEmpty()) {
            return Optional.empty();
        }
        Map<String, LayerSchema.Kind> kinds = new LinkedHashMap<>();
        queryables.stream()
                .filter(queryable -> queryable.role() != Queryable.Role.ID)
                .forEach(queryable -> kinds.put(queryable.name(), queryable.kind()));
        try {
            return Optional.of(Cql2Filter.parse(filter.get(), language, kinds, crs, zone));
        } catch (Cql2Exception e) {
            throw ProblemException.badRequest("bad_filter", "The filter cannot be used, " + e.getMessage() + ".");
        }
    }

    private static Language language(String name) {
        return switch (name) {
            case TEXT -> Language.TEXT;
            case JSON -> Language.JSON;
            default ->
                throw ProblemException.badRequest(
                        "bad_parameter",
                        "The parameter \"filter-lang\" is " + TEXT + " or " + JSON + ", not \"" + name + "\".");
        };
    }
}
