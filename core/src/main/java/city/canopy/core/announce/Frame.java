package city.canopy.core.announce;

import java.nio.charset.StandardCharsets;

/**
 * One server-sent event, ready for the wire. Made once, sent to all subscribers; nobody writes into the bytes.
 *
 * @param seq its place in the order, or 0 for one without an id
 */
record Frame(long seq, String kind, byte[] bytes) {
    static Frame of(Announced row) {
        return new Frame(row.seq(), row.kind(), encode(row.kind(), row.seq(), row.payload()));
    }

    /** An event without an id: it does not move the browser's {@code Last-Event-ID}. */
    static Frame passing(String kind, String json) {
        return new Frame(0, kind, encode(kind, 0, json));
    }

    /** Tells the subscriber that there is a gap which cannot be filled, and where it goes on. */
    static Frame reset(long from, long position) {
        String json = "{\"code\":\"events_gone\",\"asked\":" + from + ",\"continues_at\":" + position
                + ",\"detail\":{\"vi\":\"Không còn giữ các sự kiện từ thời điểm đó. Hãy đọc lại toàn bộ danh sách, rồi nghe tiếp"
                + " từ đây.\",\"en\":\"The events since then are no longer kept. Read the lists anew, then go on"
                + " listening from here.\"}}";
        return new Frame(position, "reset", encode("reset", position, json));
    }

    private static byte[] encode(String kind, long seq, String json) {
        StringBuilder text = new StringBuilder(json.length() + kind.length() + 40);
        if (seq > 0 || kind.equals("reset")) {
            text.append("id: ").append(seq).append('\n');
        }
        text.append("event: ").append(kind).append('\n');
        json.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
