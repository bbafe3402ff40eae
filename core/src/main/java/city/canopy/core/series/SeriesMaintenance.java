package city.canopy.core.series;

import java.time.Instant;

/**
 * The housekeeping of the series: room for the days to come, roll-ups, retention. To be run every minute or so by one
 * thread; a round does a bounded amount of work and may be cut off at any moment, the next one goes on.
 */
public final class SeriesMaintenance {
    private final SeriesLayout layout;

    /**
     * What one round did.
     *
     * @param made partitions made
     * @param dropped partitions or chunks dropped
     * @param hours hours rolled up for the first time
     * @param repaired hours of single datastreams computed again because of late readings
     */
    public record Round(int made, int dropped, int hours, int repaired) {}

    public SeriesMaintenance(SeriesLayout layout) {
        this.layout = layout;
    }

    /**
     * Runs one round.
     *
     * @throws city.canopy.core.db.DatabaseException when the database refuses; the next round may succeed
     * @throws InterruptedException when the thread is interrupted while it waits for writers
     */
    public synchronized Round run(Instant now) throws InterruptedException {
        long micros = Micros.of(now);
        int made = layout.ensureAhead(micros);
        int hours = 0;
        int repaired = 0;
        PgRollUps rollUps = layout.rollUps();
        if (rollUps != null) {
            hours = rollUps.closeHours(micros);
            repaired = rollUps.repairLate();
        }
        return new Round(made, layout.dropOld(micros), hours, repaired);
    }
}
