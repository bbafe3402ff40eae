package city.canopy.core.search;

import city.canopy.geo.layer.GeoFeature;
import java.util.List;

/**
 * A feature that was found.
 *
 * @param feature as it stood when it was found
 * @param rank how well it fits
 * @param matched the values that the query is about, beside the id
 */
public record SearchHit(GeoFeature feature, Rank rank, List<SearchText> matched) {
    /** How well a feature fits, the best first. */
    public enum Rank {
        /** The query is its id. */
        ID,
        /** The query begins its id. */
        ID_START,
        /** The query is its name. */
        NAME,
        /** The query begins its name. */
        NAME_START,
        /** All words are in its name. */
        NAME_WORDS,
        /** All words are somewhere in it. */
        WORDS
    }

    public SearchHit {
        matched = List.copyOf(matched);
    }
}
