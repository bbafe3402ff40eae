package city.canopy.core.search;

import city.canopy.core.tickets.WardFinder;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Finds features of all layers by id, name, ward and the text of their properties; case and diacritics do not matter. The
 * first search after the start reads every feature, which takes a second or two for a city; one after an edit reads what
 * was edited. Any thread; not for an event loop.
 */
public final class FeatureSearch {
    /** The most hits of one search. */
    public static final int MAX_HITS = 50;

    private static final String WARDS = "wards";

    private final LayerSource layers;
    private final WardFinder wards;
    private final Function<String, Map<String, Map<String, String>>> titles;
    private final Map<String, Indexed> indexes = new ConcurrentHashMap<>();

    /** @param wards the state of the layer of wards by which it was made */
    private record Indexed(LayerIndex index, long wards) {}

    /**
     * What was found.
     *
     * @param hits the best, the best first; then features of small layers before those of large ones, then by id
     * @param count how many there are in all
     * @param nearly whether none was found as it was written, and these are nearly so
     */
    public record Found(List<SearchHit> hits, int count, boolean nearly) {
        public Found {
            hits = List.copyOf(hits);
        }
    }

    /** @param titles what the values of a property are called, by value, then by language */
    public FeatureSearch(
            LayerSource layers, WardFinder wards, Function<String, Map<String, Map<String, String>>> titles) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.wards = Objects.requireNonNull(wards, "wards");
        this.titles = Objects.requireNonNull(titles, "titles");
    }

    /**
     * Where nothing is found, what is nearly so is looked for: with one wrong letter in each word.
     *
     * @param limit 1 to {@value #MAX_HITS}
     */
    public Found find(SearchQuery query, int limit) {
        if (limit < 1 || limit > MAX_HITS) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_HITS + ", not " + limit);
        }
        Findings exact = look(query, limit);
        Findings findings = exact.count() > 0 ? exact : look(query.forgiving(), limit);
        return new Found(findings.best(), findings.count(), exact.count() == 0 && findings.count() > 0);
    }

    private Findings look(SearchQuery query, int limit) {
        Findings findings = new Findings(limit);
        layers.names().stream()
                .map(layers::snapshot)
                .sorted(Comparator.comparingInt(LayerSnapshot::size).thenComparing(LayerSnapshot::layer))
                .forEach(snapshot -> index(snapshot).find(query, findings));
        return findings;
    }

    /** Made by the thread that comes first; the others wait for it. */
    private LayerIndex index(LayerSnapshot snapshot) {
        long drawn = layers.names().contains(WARDS) ? layers.snapshot(WARDS).version() : -1;
        return indexes.compute(snapshot.layer(), (layer, before) -> {
                    if (before == null || before.wards() != drawn) {
                        return new Indexed(LayerIndex.of(snapshot, wards, titles), drawn);
                    }
                    return before.index().snapshot() == snapshot
                            ? before
                            : new Indexed(before.index().next(snapshot, wards, titles), drawn);
                })
                .index();
    }
}
