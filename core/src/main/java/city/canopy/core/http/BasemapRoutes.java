package city.canopy.core.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The street map that a city may lay below its layers: one PMTiles archive, given out in ranges of bytes, at most {@value
 * #MAX_RANGE} at once. The file may be replaced while the service runs; its ETag then changes.
 */
public final class BasemapRoutes implements Routes {
    /** The most bytes of one answer. */
    public static final int MAX_RANGE = 16 << 20;

    private static final String ADDRESS = "/basemap.pmtiles";
    private static final String TYPE = "application/vnd.pmtiles";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,15})-(\\d{1,15})?");

    private final Optional<Path> file;

    public BasemapRoutes(Optional<Path> file) {
        this.file = Objects.requireNonNull(file, "file");
    }

    @Override
    public void mount(Api api) {
        api.get(ADDRESS)
                .named("getBasemap", "The street map, a PMTiles archive; ask for a range of bytes")
                .open()
                .answers(206, "the bytes", TYPE, Schema.any())
                .blocking(this::range);
    }

    /** Where the street map is, if there is one. */
    Optional<String> address() {
        return file.filter(Files::isReadable).map(there -> ADDRESS);
    }

    private Answer range(Call call) throws IOException {
        Path archive = file.filter(Files::isReadable)
                .orElseThrow(() -> ProblemException.notFound("There is no street map; name one by map.basemap."));
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
            long size = channel.size();
            String tag = "\"" + Long.toHexString(size) + "-"
                    + Long.toHexString(Files.getLastModifiedTime(archive).toMillis()) + "\"";
            Matcher asked = RANGE.matcher(call.header("range").orElse(""));
            if (!asked.matches()) {
                throw ProblemException.badRequest(
                        "range_missing", "Ask for a range of bytes, such as \"Range: bytes=0-16383\".");
            }
            long first = Long.parseLong(asked.group(1));
            long last = asked.group(2) == null ? size - 1 : Math.min(Long.parseLong(asked.group(2)), size - 1);
            if (first > last || last - first >= MAX_RANGE) {
                return Answer.of(new Problem(
                                416,
                                "range_bad",
                                "The map has " + size + " bytes; ask for at most " + MAX_RANGE + " of them."))
                        .with("content-range", "bytes */" + size);
            }
            return Answer.bytes(206, TYPE, read(channel, first, (int) (last - first + 1)))
                    .with("content-range", "bytes " + first + "-" + last + "/" + size)
                    .with("accept-ranges", "bytes")
                    .with("etag", tag)
                    .with("cache-control", "private, no-cache");
        }
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return bytes.array();
    }
}
