package city.canopy.core.ingest;

import city.canopy.core.series.Appended;
import java.util.List;

/** Who wants to know what a batch brought, once it is safe. Called by the partitions' threads; must return at once. */
public interface Announcements {
    /** Rows stand in the outbox. */
    void outboxFilled();

    /** These readings were stored. */
    void stored(List<Appended.Fresh> fresh);
}
