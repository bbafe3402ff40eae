package city.canopy.core.ingest;

import java.time.Instant;
import java.util.Optional;

/**
 * A message, or a part of one, that was not taken.
 *
 * @param id its number
 * @param device who sent it, or who the topic says; null where nobody is known
 * @param door which way it came in
 * @param topic the topic or path
 * @param contentType the media type, or null
 * @param code a {@code RefusalCode} in its wire form
 * @param detail why, in a sentence
 * @param receivedAt when these bytes first came
 * @param lastReceivedAt when they last came
 * @param times how often the same bytes came
 * @param replayedAt when it was taken again, if it was
 * @param outcome what came of the last replay, if there was one
 */
public record QuarantineRow(
        long id,
        String device,
        String door,
        String topic,
        String contentType,
        String code,
        String detail,
        Instant receivedAt,
        Instant lastReceivedAt,
        long times,
        Payload payload,
        Optional<Instant> replayedAt,
        Optional<String> outcome) {

    /** The untouched bytes; a class of its own because records hold no arrays. */
    public static final class Payload {
        private final byte[] bytes;

        Payload(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The bytes themselves, not to be written to. */
        public byte[] bytes() {
            return bytes;
        }
    }
}
