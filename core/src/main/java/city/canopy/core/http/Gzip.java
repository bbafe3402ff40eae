package city.canopy.core.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Large answers, packed for those who can unpack them. Stateless; not for an event loop. */
public final class Gzip {
    /** Less than this is not worth it, in bytes. */
    static final int LEAST = 1_024;

    private Gzip() {}

    /** 200 with these bytes, gzipped when the client takes that and it is worth it. */
    public static Answer answer(Call call, String contentType, byte[] bytes) {
        boolean zipped = bytes.length >= LEAST && isAccepted(call);
        Answer answer =
                Answer.bytes(200, contentType, zipped ? pack(bytes) : bytes).with("vary", "accept-encoding");
        return zipped ? answer.with("content-encoding", "gzip") : answer;
    }

    /** The same answer, gzipped when it is JSON of its own that nobody has packed yet, the client takes that and it is worth it. */
    static Answer packed(Call call, Answer answer) {
        Map<String, String> headers = answer.headers();
        boolean fit = answer.status() == 200
                && answer.file().isEmpty()
                && "application/json".equals(headers.get("content-type"))
                && !headers.containsKey("content-encoding")
                && !headers.containsKey("etag")
                && !headers.containsKey("vary");
        if (!fit || answer.body().length < LEAST) {
            return answer;
        }
        Answer varies = answer.with("vary", "accept-encoding");
        return isAccepted(call)
                ? Answer.of(200, varies.headers(), pack(answer.body())).with("content-encoding", "gzip")
                : varies;
    }

    /** Whether the client takes gzip. */
    static boolean isAccepted(Call call) {
        return accepts(call.header("accept-encoding").orElse(""));
    }

    private static boolean accepts(String encodings) {
        return encodings.contains("gzip") && !encodings.replace(" ", "").contains("gzip;q=0");
    }

    private static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
