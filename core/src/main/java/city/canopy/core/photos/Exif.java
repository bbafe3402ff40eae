package city.canopy.core.photos;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The two things of a JPEG's EXIF that are wanted before it is dropped. An EXIF block that cannot be read says nothing;
 * its picture may be fine.
 *
 * @param orientation 1 (upright) to 8
 * @param taken the camera's time
 */
record Exif(int orientation, Optional<Developed.Taken> taken) {
    static final Exif NONE = new Exif(1, Optional.empty());

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss");
    private static final int ORIENTATION = 0x0112;
    private static final int SUB_DIRECTORY = 0x8769;
    private static final int TIME_TAKEN = 0x9003;
    private static final int OFFSET_TAKEN = 0x9011;
    private static final int ENTRY = 12;
    private static final int MAX_ENTRIES = 1_000;

    /** Walks the segments of a JPEG up to its first scan. */
    static Exif of(byte[] jpeg) {
        ByteBuffer file = ByteBuffer.wrap(jpeg);
        int at = 2;
        try {
            while ((file.getShort(at) & 0xFF00) == 0xFF00 && (file.getShort(at) & 0xFF) != 0xDA) {
                int length = file.getShort(at + 2) & 0xFFFF;
                boolean exif = (file.getShort(at) & 0xFF) == 0xE1
                        && file.getInt(at + 4) == 0x45786966
                        && file.getShort(at + 8) == 0;
                if (exif) {
                    return tiff(file.slice(at + 10, length - 8));
                }
                at += 2 + Math.max(2, length);
            }
        } catch (IndexOutOfBoundsException e) {
            return NONE;
        }
        return NONE;
    }

    private static Exif tiff(ByteBuffer tiff) {
        tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int first = tiff.getInt(4);
        int turned = find(tiff, first, ORIENTATION)
                .map(entry -> tiff.getShort(entry + 8) & 0xFFFF)
                .orElse(1);
        Optional<Developed.Taken> taken =
                find(tiff, first, SUB_DIRECTORY).flatMap(entry -> taken(tiff, tiff.getInt(entry + 8)));
        return new Exif(turned >= 1 && turned <= 8 ? turned : 1, taken);
    }

    private static Optional<Integer> find(ByteBuffer tiff, int directory, int tag) {
        int entries = Math.min(MAX_ENTRIES, tiff.getShort(directory) & 0xFFFF);
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + i * ENTRY;
            if ((tiff.getShort(entry) & 0xFFFF) == tag) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static Optional<Developed.Taken> taken(ByteBuffer tiff, int directory) {
        try {
            Optional<LocalDateTime> local =
                    find(tiff, directory, TIME_TAKEN).map(entry -> LocalDateTime.parse(text(tiff, entry, 19), TIME));
            return local.map(time -> new Developed.Taken(time, offset(tiff, directory)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<ZoneOffset> offset(ByteBuffer tiff, int directory) {
        try {
            return find(tiff, directory, OFFSET_TAKEN).map(entry -> ZoneOffset.of(text(tiff, entry, 6)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String text(ByteBuffer tiff, int entry, int length) {
        byte[] text = new byte[length];
        tiff.get(tiff.getInt(entry + 8), text);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
