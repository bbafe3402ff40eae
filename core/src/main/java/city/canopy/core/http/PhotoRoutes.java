package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.announce.Announcer;
import city.canopy.core.db.Database;
import city.canopy.core.photos.Darkroom;
import city.canopy.core.photos.Developed;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.TicketId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Photos of tickets: adding one, and looking at it. Photos are developed one at a time, on a thread of their own. */
public final class PhotoRoutes implements Routes {
    /** The largest photo that is taken in, in bytes. */
    public static final int MAX_BYTES = 10 << 20;

    private final Database database;
    private final TicketDesk desk;
    private final PgTicketStore tickets;
    private final Announcer announcer;
    private final Blocking developing;
    private final Clock clock;
    private final ZoneId zone;

    /**
     * @param developing the pool of one thread that develops; not closed here
     * @param zone of cameras that know no offset
     */
    public PhotoRoutes(
            Database database,
            TicketDesk desk,
            PgTicketStore tickets,
            Announcer announcer,
            Blocking developing,
            Clock clock,
            ZoneId zone) {
        this.database = database;
        this.desk = desk;
        this.tickets = tickets;
        this.announcer = announcer;
        this.developing = developing;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public void mount(Api api) {
        ObjectNode bytes = Schema.text().put("format", "binary");
        api.post("/api/v1/tickets/{id}/photos")
                .named("addPhoto", "Add a photo; it is turned upright, scaled, and loses all that is not pixels")
                .needs(Role.DISPATCHER)
                .body("image/jpeg", MAX_BYTES, bytes)
                .body("image/png", MAX_BYTES, bytes)
                .bodyWithin(Duration.ofMinutes(2))
                .answers(201, "the photo", Schema.any())
                .blocking(developing, this::add);
        api.get("/api/v1/photos/{id}")
                .named("getPhoto", "A photo, at most " + Darkroom.IMAGE_SIDE + " pixels long; it never changes")
                .needs(Role.VIEWER)
                .query("size", Schema.oneOf("thumb"), "thumb: at most " + Darkroom.THUMB_SIDE + " pixels long")
                .answers(200, "the photo", "image/jpeg", bytes)
                .blocking(this::get);
    }

    private Answer add(Call call) {
        TicketId id = TicketRoutes.id(call);
        tickets.find(id).orElseThrow(TicketRoutes::unknown);
        Developed developed = Darkroom.develop(call.body());
        if (developed instanceof Developed.Refused refused) {
            throw ProblemException.unacceptable(refused.code(), refused.detail());
        }
        Developed.Ready pixels = (Developed.Ready) developed;
        Optional<Instant> takenAt = pixels.taken().map(taken -> taken.at(zone));
        ObjectNode ticket = database.inTransaction(
                c -> TicketRoutes.done(desk.show(c, id, pixels, takenAt, call.actor(), clock.instant())));
        announcer.wake();
        JsonNode photos = ticket.get("photos");
        JsonNode photo = photos.get(photos.size() - 1);
        return Answer.created(photo.get("url").asText(), photo);
    }

    private Answer get(Call call) {
        boolean thumb = call.query("size")
                .map(size -> {
                    if (!size.equals("thumb")) {
                        throw ProblemException.badRequest(
                                "bad_parameter", "\"size\" is thumb, or is left out for the whole photo.");
                    }
                    return true;
                })
                .orElse(false);
        String id = call.path("id");
        byte[] jpeg = (TicketId.isValid(id) ? tickets.findPhoto(id, thumb) : Optional.<byte[]>empty())
                .orElseThrow(() -> ProblemException.notFound("There is no photo with this id."));
        return Answer.bytes(200, "image/jpeg", jpeg).with("cache-control", "private, max-age=31536000, immutable");
    }
}
