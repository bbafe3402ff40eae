package city.canopy.geo.filter.cql2;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.Truth;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSchema;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.geotools.api.filter.Filter;
import org.geotools.api.filter.FilterFactory;
import org.geotools.api.filter.identity.Identifier;
import org.geotools.factory.CommonFactoryFinder;
import org.locationtech.jts.geom.Envelope;

/**
 * A filter in CQL2 (OGC 21-065r2), read once from text or from JSON. Immutable; any thread.
 *
 * <p>It knows Basic CQL2, the advanced comparisons, CASEI and ACCENTI, all S_ and T_ functions, arithmetic, and properties
 * on both sides. A missing value makes a term unknown, as in SQL; a filter that is unknown as a whole does not hold.
 * Nothing is converted between texts and numbers: a comparison of different kinds is refused when it is read. Times are
 * texts in features: a date is the moment at which its day begins.
 */
public final class Cql2Filter {
    /** The longest filter, in characters. */
    public static final int MAX_LENGTH = 16_000;

    /** The deepest nesting. */
    public static final int MAX_DEPTH = 50;

    /** The longest list after IN. */
    public static final int MAX_ITEMS = 1_000;

    private static final FilterFactory FILTERS = CommonFactoryFinder.getFilterFactory();

    private final Check check;

    private Cql2Filter(Check check) {
        this.check = check;
    }

    /** How a filter is written. */
    public enum Language {
        TEXT,
        JSON
    }

    /**
     * Reads a filter.
     *
     * @param properties what the features have, by name; {@code geometry} and {@code id} are there besides
     * @param crs the system of the geometries in the filter
     * @param zone in which days begin
     * @throws Cql2Exception when it cannot be read or does not fit the properties
     */
    public static Cql2Filter parse(
            String filter, Language language, Map<String, LayerSchema.Kind> properties, ServedCrs crs, ZoneId zone)
            throws Cql2Exception {
        if (filter.length() > MAX_LENGTH) {
            throw new Cql2Exception("the end", "a filter has at most " + MAX_LENGTH + " characters");
        }
        Term term = language == Language.TEXT ? new TextReader(filter).read() : JsonReader.read(filter);
        return new Cql2Filter(new Checks(new Values(properties, crs, zone)).compile(term));
    }

    /** Whether it holds; false when that is not known. */
    public boolean holds(GeoFeature feature) {
        return check.of().apply(feature) == Truth.TRUE;
    }

    /** Holds every geometry that it can be true for, lon/lat; empty when that is not known. */
    public Optional<Envelope> bound() {
        return check.bound();
    }

    /** The only ids that it can be true for; empty when that is not known. */
    public Optional<Set<String>> ids() {
        return check.ids();
    }

    /** The same for GeoTools, with its box and its ids shown, so that a feature source can answer them by its index. */
    public Filter toFilter() {
        List<Filter> parts = new ArrayList<>();
        check.ids().ifPresent(ids -> {
            Set<Identifier> identifiers = new java.util.HashSet<>();
            ids.forEach(id -> identifiers.add(FILTERS.featureId(id)));
            parts.add(identifiers.isEmpty() ? Filter.EXCLUDE : FILTERS.id(identifiers));
        });
        check.bound()
                .ifPresent(box -> parts.add(
                        box.isNull()
                                ? Filter.EXCLUDE
                                : FILTERS.bbox("", box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY(), null)));
        parts.add(FILTERS.equals(new Cql2Function(this), FILTERS.literal(true)));
        return parts.size() == 1 ? parts.get(0) : FILTERS.and(parts);
    }
}
