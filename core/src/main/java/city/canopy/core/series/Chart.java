package city.canopy.core.series;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Datastreams over a span of time, as a chart draws them.
 *
 * @param from the first moment that was asked for
 * @param to the end, not included
 * @param stepSeconds the width of the buckets of those lines that are in buckets
 * @param lines one for each datastream that has readings in the span
 */
public record Chart(Instant from, Instant to, long stepSeconds, List<Line> lines) {
    /**
     * One datastream.
     *
     * @param raw whether every point is a reading; else each is a bucket
     * @param points by time, none of them empty
     */
    public record Line(Datastream stream, boolean raw, List<SeriesBucket> points) {
        public Line {
            Objects.requireNonNull(stream, "stream");
            points = List.copyOf(points);
        }
    }

    public Chart {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        lines = List.copyOf(lines);
    }
}
