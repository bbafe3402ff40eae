package city.canopy.geo.layer;

import java.util.Set;

/** Where this module gets its layers from; the service implements it over its database. Every call is cheap and may
 * come from any thread: the snapshots are held in memory and swapped as a whole. */
public interface LayerSource {
    /** The names of all layers. */
    Set<String> names();

    /**
     * The layer as it stands now.
     *
     * @throws IllegalArgumentException when there is no such layer
     */
    LayerSnapshot snapshot(String layer);
}
