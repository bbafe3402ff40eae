package city.canopy.gateway.lwm2m;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices refuse: counted each time, said once in the log of each path of a device, and shown until it is so no more.
 * Of a device there are at most three for each path that its profile observes. Any thread.
 */
final class Refusals {
    /** The most that are listed. */
    static final int MOST_LISTED = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final LwM2mMetrics metrics;
    private final Map<String, Set<Refusal>> standing = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> told = new ConcurrentHashMap<>();

    Refusals(LwM2mMetrics metrics) {
        this.metrics = metrics;
    }

    /** @param what for the log, after the path and the device */
    void add(Refusal refusal, String what) {
        metrics.refused(refusal.kind() == Refusal.Kind.FORMAT ? Refused.FORMAT : Refused.OBSERVE);
        String endpoint = refusal.device().value();
        standing.compute(endpoint, (device, before) -> {
            Set<Refusal> now = before == null ? ConcurrentHashMap.newKeySet() : before;
            // The last answer counts.
            now.removeIf(each -> each.kind() == refusal.kind() && each.path().equals(refusal.path()));
            now.add(refusal);
            return now;
        });
        Set<String> paths = told.computeIfAbsent(endpoint, each -> ConcurrentHashMap.newKeySet());
        if (paths.add(refusal.kind() + " " + refusal.path())) {
            LOG.warn("{} of {} {}", refusal.path(), endpoint, what);
        }
    }

    /** What a path holds can be read. */
    void readable(String endpoint, String path) {
        standing.computeIfPresent(endpoint, (device, refusals) -> {
            refusals.removeIf(
                    each -> each.kind() == Refusal.Kind.FORMAT && each.path().equals(path));
            return refusals.isEmpty() ? null : refusals;
        });
    }

    /** A device is asked for all anew: what it refuses shows again. */
    void askedAnew(String endpoint) {
        standing.remove(endpoint);
    }

    /** A device is not registered any more. */
    void forget(String endpoint) {
        standing.remove(endpoint);
        told.remove(endpoint);
    }

    /** By device and path; the first {@value #MOST_LISTED}. */
    List<Refusal> list() {
        return standing.values().stream()
                .flatMap(Set::stream)
                .sorted(Comparator.comparing((Refusal each) -> each.device().value())
                        .thenComparing(Refusal::path)
                        .thenComparing(Refusal::kind))
                .limit(MOST_LISTED)
                .toList();
    }

    /** How many devices refuse something. */
    int devices() {
        return standing.size();
    }
}
