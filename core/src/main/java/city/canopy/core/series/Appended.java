package city.canopy.core.series;

import java.util.List;

/**
 * What an append made of its samples. Nothing of it is true before the transaction commits.
 *
 * @param fresh stored for the first time, each with its place in time, in the order that they came; an untimed one may
 *     have been moved on by some microseconds
 * @param duplicates there already, with the same value
 * @param conflicts there already, with another value
 */
public record Appended(List<Fresh> fresh, List<Sample> duplicates, List<Sample> conflicts) {
    /**
     * A stored sample.
     *
     * @param late whether a reading of the same datastream that was measured later is already there
     * @param frame the id of its raw frame
     */
    public record Fresh(Sample sample, boolean late, long frame) {}
}
