package city.canopy.core.search;

import city.canopy.core.search.SearchHit.Rank;
import city.canopy.core.tickets.WardFinder;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.locationtech.jts.geom.Coordinate;

/**
 * The folded text of one layer's features, beside a snapshot. Immutable. Every value is kept once, so a query is compared
 * with each value once and with each feature by numbers.
 */
final class LayerIndex {
    /** A value is found by so many of its characters. */
    static final int MAX_TEXT = 200;

    private static final String NAME = "name";
    private static final String WARD = "ward";
    /** Values that no feature has any more are dropped when they are more than these and than those in use. */
    private static final int FEW = 10_000;

    private final LayerSnapshot snapshot;
    private final GeoFeature[] features;
    /** Of each feature, the numbers of its values, its name first. */
    private final int[][] values;

    private final Dictionary dictionary;
    private final SearchText[] texts;
    private final String[] folded;

    /** What is known of values so far, handed on from one state of the layer to the next. */
    private static final class Dictionary {
        private final Map<SearchText, Integer> numbers = new HashMap<>();
        private final List<SearchText> texts = new ArrayList<>();
        private final List<String> folded = new ArrayList<>();
        private int atFirst;

        int number(SearchText text) {
            return numbers.computeIfAbsent(text, one -> {
                texts.add(one);
                folded.add(one.folded());
                return texts.size() - 1;
            });
        }
    }

    private LayerIndex(LayerSnapshot snapshot, GeoFeature[] features, int[][] values, Dictionary dictionary) {
        this.snapshot = snapshot;
        this.features = features;
        this.values = values;
        this.dictionary = dictionary;
        this.texts = dictionary.texts.toArray(SearchText[]::new);
        this.folded = dictionary.folded.toArray(String[]::new);
    }

    /** @param titles what the values of a property are called, by value, then by language */
    static LayerIndex of(
            LayerSnapshot snapshot, WardFinder wards, Function<String, Map<String, Map<String, String>>> titles) {
        Dictionary dictionary = new Dictionary();
        LayerIndex made = new Reader(wards, titles, dictionary).read(snapshot, null);
        dictionary.atFirst = dictionary.texts.size();
        return made;
    }

    /** The index of another state of the layer; only what has changed is read. For one thread at a time. */
    LayerIndex next(LayerSnapshot after, WardFinder wards, Function<String, Map<String, Map<String, String>>> titles) {
        boolean worn = dictionary.texts.size() > 2 * dictionary.atFirst + FEW;
        return worn ? of(after, wards, titles) : new Reader(wards, titles, dictionary).read(after, this);
    }

    LayerSnapshot snapshot() {
        return snapshot;
    }

    void find(SearchQuery query, Findings findings) {
        int all = query.allWords();
        int[] masks = new int[texts.length];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = query.wordsIn(folded[i]);
        }
        for (int i = 0; i < features.length; i++) {
            Rank rank = rank(query, features[i].id(), values[i], masks, all);
            if (rank != null) {
                int at = i;
                findings.add(rank, () -> new SearchHit(features[at], rank, matched(values[at], masks)));
            }
        }
    }

    /** Null where it does not fit. */
    private Rank rank(SearchQuery query, String id, int[] own, int[] masks, int all) {
        String whole = query.folded();
        if (id.regionMatches(true, 0, whole, 0, whole.length())) {
            return id.length() == whole.length() ? Rank.ID : Rank.ID_START;
        }
        int found = 0;
        for (int value : own) {
            found |= masks[value];
        }
        if (found != all && (found | query.wordsOfId(id)) != all) {
            return null;
        }
        boolean named = own.length > 0 && texts[own[0]].property().equals(NAME);
        if (!named || masks[own[0]] != all) {
            return Rank.WORDS;
        }
        String name = folded[own[0]];
        return name.equals(whole) ? Rank.NAME : name.startsWith(whole) ? Rank.NAME_START : Rank.NAME_WORDS;
    }

    private List<SearchText> matched(int[] own, int[] masks) {
        return Arrays.stream(own)
                .filter(value -> masks[value] != 0)
                .mapToObj(value -> texts[value])
                .toList();
    }

    /** Reads features into numbers. */
    private record Reader(
            WardFinder wards, Function<String, Map<String, Map<String, String>>> titles, Dictionary dictionary) {
        LayerIndex read(LayerSnapshot snapshot, LayerIndex before) {
            GeoFeature[] features = snapshot.features().toArray(GeoFeature[]::new);
            int[][] values = new int[features.length][];
            Map<String, Map<String, Map<String, String>>> known = new HashMap<>();
            int old = 0;
            for (int i = 0; i < features.length; i++) {
                String id = features[i].id();
                while (before != null
                        && old < before.features.length
                        && before.features[old].id().compareTo(id) < 0) {
                    old++;
                }
                // An edit leaves the other features the very objects that they were.
                boolean same = before != null && old < before.features.length && before.features[old] == features[i];
                values[i] = same ? before.values[old] : values(features[i], known);
            }
            return new LayerIndex(snapshot, features, values, dictionary);
        }

        private int[] values(GeoFeature feature, Map<String, Map<String, Map<String, String>>> known) {
            List<Integer> numbers = new ArrayList<>();
            add(NAME, feature.properties().get(NAME), known, numbers);
            if (!Folding.isAscii(feature.id())) {
                add("id", feature.id(), known, numbers);
            }
            feature.properties().forEach((property, value) -> {
                if (!property.equals(NAME)) {
                    add(property, value, known, numbers);
                }
            });
            if (!feature.properties().containsKey(WARD)) {
                Coordinate place = feature.geometry().getCoordinate();
                wards.find(place.x, place.y).ifPresent(ward -> add(WARD, ward, known, numbers));
            }
            return numbers.stream().mapToInt(Integer::intValue).toArray();
        }

        private void add(
                String property,
                Object value,
                Map<String, Map<String, Map<String, String>>> known,
                List<Integer> numbers) {
            boolean whole = value instanceof Integer || value instanceof Long;
            if (!(value instanceof String || whole) || value.toString().isBlank()) {
                return;
            }
            String text = value.toString();
            String found = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
            Map<String, String> called = known.computeIfAbsent(property, titles).getOrDefault(found, Map.of());
            numbers.add(dictionary.number(new SearchText(property, found, called)));
        }
    }
}
