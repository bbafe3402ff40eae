package city.canopy.core.tickets;

import java.util.Optional;

/** Which ward a place lies in. Cheap; any thread. */
@FunctionalInterface
public interface WardFinder {
    /** The ward's name at these WGS 84 degrees, if they lie in one. */
    Optional<String> find(double lon, double lat);
}
