package city.canopy.geo.file;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Goes through the records of a {@code .shp} before anything is made of them: a record that says that it is longer, or has
 * more points, than it can must not become memory. Stateless.
 */
final class ShapeRecords {
    /** The most points of one record; a feature has fewer still, but is refused by itself. */
    static final int MAX_POINTS = 1_000_000;

    private static final int HEADER = 100;
    private static final int FILE_CODE = 9_994;
    private static final int MAX_CONTENT = 64 << 20;
    /** Type, box and the two counts of a line or an area. */
    private static final int PARTS_HEAD = 44;

    private static final int MULTIPOINT_HEAD = 40;

    private ShapeRecords() {}

    /** @throws IOException when the file is damaged or cut off, or a record is too large; the message says which */
    static void check(Path shp) throws IOException {
        try (InputStream stream = Files.newInputStream(shp);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
            if (in.readInt() != FILE_CODE) {
                throw damaged(shp, "it does not begin as a Shapefile");
            }
            in.skipNBytes(HEADER - 4);
            for (int number = 1; hasMore(in); number++) {
                in.readInt();
                int content = 2 * in.readInt();
                if (content > MAX_CONTENT) {
                    throw new IOException(shp.getFileName() + ": record " + number + " has " + content
                            + " bytes, more than " + MAX_CONTENT + "; simplify or split it");
                }
                if (content < 4) {
                    throw damaged(shp, "record " + number + " says that it has " + content + " bytes");
                }
                in.skipNBytes(content - checkRecord(in, content, number, shp));
            }
        } catch (EOFException e) {
            throw damaged(shp, "it ends in the middle of a record");
        }
    }

    private static boolean hasMore(DataInputStream in) throws IOException {
        in.mark(1);
        boolean more = in.read() >= 0;
        in.reset();
        return more;
    }

    /** @return how many bytes of the record it has read */
    private static int checkRecord(DataInputStream in, int content, int number, Path shp) throws IOException {
        int type = Integer.reverseBytes(in.readInt()) % 10;
        boolean parts = type == 3 || type == 5;
        int head = parts ? PARTS_HEAD : type == 8 ? MULTIPOINT_HEAD : 4;
        if (content < head) {
            throw damaged(shp, "record " + number + " is too short for its kind");
        }
        if (head == 4) {
            return head;
        }
        in.skipNBytes(32);
        long partCount = parts ? Integer.reverseBytes(in.readInt()) : 0;
        long pointCount = Integer.reverseBytes(in.readInt());
        if (pointCount > MAX_POINTS) {
            throw new IOException(shp.getFileName() + ": record " + number + " has more than " + MAX_POINTS
                    + " points; simplify or split it");
        }
        if (partCount < 0 || pointCount < 0 || head + 4 * partCount + 16 * pointCount > content) {
            throw damaged(shp, "record " + number + " says that it has " + pointCount + " points, more than it can");
        }
        return head;
    }

    private static IOException damaged(Path shp, String why) {
        return new IOException(shp.getFileName() + " is damaged or cut off: " + why);
    }
}
