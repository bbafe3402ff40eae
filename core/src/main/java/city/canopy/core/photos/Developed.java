package city.canopy.core.photos;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** What became of the bytes that somebody sent as a photo. */
public sealed interface Developed {
    /** It is one, and stands ready to be served. */
    final class Ready implements Developed {
        private final byte[] image;
        private final byte[] thumb;
        private final int width;
        private final int height;
        private final Optional<Taken> taken;

        Ready(byte[] image, byte[] thumb, int width, int height, Optional<Taken> taken) {
            this.image = image;
            this.thumb = thumb;
            this.width = width;
            this.height = height;
            this.taken = taken;
        }

        /** JPEG; not a copy. */
        public byte[] image() {
            return image;
        }

        /** A small JPEG; not a copy. */
        public byte[] thumb() {
            return thumb;
        }

        /** Of the image, in pixels. */
        public int width() {
            return width;
        }

        public int height() {
            return height;
        }

        /** When the camera says that it was taken. */
        public Optional<Taken> taken() {
            return taken;
        }
    }

    /**
     * A camera's time.
     *
     * @param local as its clock showed it
     * @param offset from UTC, where the camera knew it
     */
    record Taken(LocalDateTime local, Optional<ZoneOffset> offset) {
        /** The moment; where the camera did not know its offset, by the clocks of this zone. */
        public Instant at(ZoneId zone) {
            return offset.map(local::toInstant)
                    .orElseGet(() -> local.atZone(zone).toInstant());
        }
    }

    /**
     * It is none that is taken.
     *
     * @param code {@code not_a_photo}, {@code too_many_pixels} or {@code damaged_photo}
     * @param detail why, and what to do
     */
    record Refused(String code, String detail) implements Developed {}
}
