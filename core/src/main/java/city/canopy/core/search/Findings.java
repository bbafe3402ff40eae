package city.canopy.core.search;

import city.canopy.core.search.SearchHit.Rank;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Gathers what is found, the best of it only, and counts the rest. For one thread. */
final class Findings {
    private final int limit;
    private final Map<Rank, List<SearchHit>> best = new EnumMap<>(Rank.class);
    private int count;

    Findings(int limit) {
        this.limit = limit;
    }

    void add(Rank rank, Supplier<SearchHit> hit) {
        count++;
        List<SearchHit> equals = best.computeIfAbsent(rank, r -> new ArrayList<>());
        if (equals.size() < limit) {
            equals.add(hit.get());
        }
    }

    /** How many were found. */
    int count() {
        return count;
    }

    /** The best, in order of rank, then of finding. */
    List<SearchHit> best() {
        return best.values().stream().flatMap(List::stream).limit(limit).toList();
    }
}
