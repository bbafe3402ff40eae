package city.canopy.geo.filter.cql2;

import city.canopy.geo.filter.Truth;
import city.canopy.geo.layer.GeoFeature;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.locationtech.jts.geom.Envelope;

/**
 * A compiled condition with what is known of where it can be true.
 *
 * @param of whether it holds
 * @param bound holds every geometry that it can be true for, lon/lat
 * @param ids the only ids that it can be true for
 */
record Check(Function<GeoFeature, Truth> of, Optional<Envelope> bound, Optional<Set<String>> ids) {
    static Check of(Function<GeoFeature, Truth> of) {
        return new Check(of, Optional.empty(), Optional.empty());
    }

    Check not() {
        return of(feature -> of.apply(feature).not());
    }

    static Check all(List<Check> parts) {
        Optional<Envelope> bound =
                parts.stream().flatMap(part -> part.bound.stream()).reduce(Envelope::intersection);
        Optional<Set<String>> ids = parts.stream()
                .flatMap(part -> part.ids.stream())
                .reduce((a, b) -> {
                    Set<String> both = new HashSet<>(a);
                    both.retainAll(b);
                    return both;
                });
        return new Check(
                feature -> {
                    Truth truth = Truth.TRUE;
                    for (Check part : parts) {
                        Truth one = part.of.apply(feature);
                        if (one == Truth.FALSE) {
                            return Truth.FALSE;
                        }
                        truth = one == Truth.UNKNOWN ? one : truth;
                    }
                    return truth;
                },
                bound,
                ids);
    }

    static Check any(List<Check> parts) {
        Optional<Envelope> bound = Optional.empty();
        if (parts.stream().allMatch(part -> part.bound.isPresent())) {
            Envelope all = new Envelope();
            parts.forEach(part -> all.expandToInclude(part.bound.get()));
            bound = Optional.of(all);
        }
        Optional<Set<String>> ids = Optional.empty();
        if (parts.stream().allMatch(part -> part.ids.isPresent())) {
            Set<String> all = new HashSet<>();
            parts.forEach(part -> all.addAll(part.ids.get()));
            ids = Optional.of(all);
        }
        return new Check(
                feature -> {
                    Truth truth = Truth.FALSE;
                    for (Check part : parts) {
                        Truth one = part.of.apply(feature);
                        if (one == Truth.TRUE) {
                            return Truth.TRUE;
                        }
                        truth = one == Truth.UNKNOWN ? one : truth;
                    }
                    return truth;
                },
                bound,
                ids);
    }
}
