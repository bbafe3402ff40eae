package city.canopy.core.ingest;

import city.canopy.core.db.Database;
import city.canopy.core.series.Datastreams;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.devices.codec.Codecs;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.DeviceRegistry;
import java.util.function.Supplier;

/**
 * What all partitions of the line share.
 *
 * @param registry who is enrolled, as it stands now
 * @param profiles the profiles of the packs in force, as they stand now
 */
public record LineParts(
        Database database,
        Supplier<DeviceRegistry> registry,
        Supplier<Profiles> profiles,
        Codecs codecs,
        Placement placement,
        Datastreams streams,
        TicketDesk desk,
        Aftermath aftermath) {

    /** What is kept besides readings and tickets, and who is told after a commit. */
    public record Aftermath(PgQuarantine store, Quarantine quarantine, Stats stats, Announcements announcements) {}
}
