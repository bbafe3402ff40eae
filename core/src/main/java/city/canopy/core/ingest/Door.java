package city.canopy.core.ingest;

import java.util.List;

/** A way in. A door makes {@link Inbound}s, offers them to the {@link Intake}, and acknowledges them when told. */
public interface Door {
    /** For logs and metrics: {@code mqtt}, {@code http}, {@code broker:NAME}. */
    String name();

    /**
     * These messages are safe: their transaction has committed, whatever it made of them (stored, duplicate,
     * quarantined). Called by a partition's thread, in order of commit, with all messages of one batch that came
     * through this door, in order of arrival; must return at once and must not throw. The list is the line's own and is
     * used again for the next batch: what is done later is done with a copy.
     */
    void committed(List<Inbound> messages);
}
