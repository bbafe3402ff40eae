package city.canopy.core.app;

import city.canopy.core.app.Service.Announcing;
import city.canopy.core.ingest.Announcements;
import city.canopy.core.series.Appended;
import java.util.List;

/** Passes on what the line has stored. */
record Telling(Announcing announcing) implements Announcements {
    @Override
    public void outboxFilled() {
        announcing.announcer().wake();
    }

    @Override
    public void stored(List<Appended.Fresh> fresh) {
        announcing.feed().latestChanged(fresh);
    }
}
