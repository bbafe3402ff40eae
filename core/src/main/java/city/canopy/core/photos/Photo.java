package city.canopy.core.photos;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * A photo of a ticket, without its pixels.
 *
 * @param id its name, 26 characters, later ones sort behind earlier ones
 * @param ticket the ticket's id
 * @param width in pixels, as it is served
 * @param height in pixels, as it is served
 * @param takenAt by the camera's clock, where it says so
 * @param addedAt by the clock of the service
 * @param addedBy {@code user:ID} or {@code token:ID}
 */
public record Photo(
        String id, String ticket, int width, int height, Optional<Instant> takenAt, Instant addedAt, String addedBy) {
    public Photo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(ticket, "ticket");
        Objects.requireNonNull(takenAt, "takenAt");
        // As fine as the database keeps it, so that the photo reads the same at once and later.
        addedAt = addedAt.truncatedTo(ChronoUnit.MICROS);
        Objects.requireNonNull(addedBy, "addedBy");
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a photo has at least one pixel, not " + width + " x " + height);
        }
    }

    /** Where it is served. */
    public String url() {
        return "/api/v1/photos/" + id;
    }

    /** Where its small form is served. */
    public String thumbUrl() {
        return url() + "?size=thumb";
    }
}
