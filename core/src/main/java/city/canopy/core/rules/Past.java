package city.canopy.core.rules;

import city.canopy.core.series.Datastream;
import city.canopy.devices.model.DeviceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What rules must know of stored readings when their memory is new: after a start, or after a batch that was rolled
 * back. Blocking; called by the partitions' threads. Sees what is committed, nothing else. Times are microseconds since
 * 1970-01-01 UTC.
 */
public interface Past {
    /**
     * The last reading of a datastream.
     *
     * @param stream the datastream
     * @param measuredAt event time of its latest reading
     * @param receivedAt receipt time of that reading
     */
    record Last(Datastream stream, long measuredAt, long receivedAt) {}

    /** From when on readings of a datastream are wanted. */
    record Wanted(long datastream, long from) {}

    /** One stored reading. */
    record Stored(long datastream, long measuredAt, double value) {}

    /** The last readings of these datastreams; those without any reading are left out. */
    List<Last> last(Collection<Long> datastreams);

    /**
     * Readings measured at or after {@code from}, those that came late (behind a later one) left out, ordered by
     * datastream and event time.
     */
    List<Stored> readings(Collection<Wanted> wanted);

    /** What the database holds of these {@link Source#key}s that is not clear. */
    List<RuleStates.Kept> states(Collection<String> keys);

    /** When each of these devices was last heard, by receipt time; those never heard are left out. */
    Map<DeviceId, Long> lastHeard(Collection<DeviceId> devices);
}
