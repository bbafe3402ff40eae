package city.canopy.core.announce;

import city.canopy.core.series.Appended;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Sample;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The values that changed within the current second, one per datastream. Written by the partitions, emptied once a
 * second. While nobody watches, writing costs one read of a counter.
 */
final class LiveState {
    /** Datastreams told of per second at most; past it a value is left out and the event says {@code partial}. */
    static final int MAX_STREAMS = 5_000;

    private static final int ITEMS_PER_EVENT = 500;

    private record Value(Datastream stream, double value, long measuredAt) {}

    private final AtomicInteger watchers = new AtomicInteger();
    private final AtomicInteger size = new AtomicInteger();
    private volatile boolean partial;
    private volatile Map<Long, Value> values = new ConcurrentHashMap<>();

    void watch(boolean on) {
        watchers.addAndGet(on ? 1 : -1);
    }

    boolean watched() {
        return watchers.get() > 0;
    }

    void changed(List<Appended.Fresh> fresh) {
        if (!watched()) {
            return;
        }
        Map<Long, Value> into = values;
        for (Appended.Fresh one : fresh) {
            if (!one.late()) {
                put(into, one.sample());
            }
        }
    }

    private void put(Map<Long, Value> into, Sample sample) {
        Long id = sample.stream().id();
        Value value = new Value(sample.stream(), sample.value(), sample.measuredAt());
        if (into.replace(id, value) != null) {
            return;
        }
        if (size.get() >= MAX_STREAMS) {
            partial = true;
        } else if (into.put(id, value) == null) {
            size.incrementAndGet();
        }
    }

    /** What changed since the last call, as events; none when nothing did. */
    List<Frame> drain() {
        Map<Long, Value> taken = values;
        if (taken.isEmpty()) {
            return List.of();
        }
        values = new ConcurrentHashMap<>();
        boolean cut = partial;
        partial = false;
        size.set(0);
        List<Frame> frames = new ArrayList<>();
        List<Value> items = new ArrayList<>(taken.values());
        for (int from = 0; from < items.size(); from += ITEMS_PER_EVENT) {
            frames.add(frame(items.subList(from, Math.min(items.size(), from + ITEMS_PER_EVENT)), cut));
        }
        return frames;
    }

    private static Frame frame(List<Value> items, boolean partial) {
        StringBuilder json = new StringBuilder(items.size() * 160).append("{\"items\":[");
        String comma = "";
        for (Value item : items) {
            json.append(comma);
            write(json, item);
            comma = ",";
        }
        return Frame.passing(
                EventFeed.FEATURE_STATE,
                json.append("],\"partial\":").append(partial).append('}').toString());
    }

    private static void write(StringBuilder json, Value item) {
        Datastream stream = item.stream();
        json.append("{\"layer\":").append(quoted(stream.layer()));
        json.append(",\"feature_id\":").append(quoted(stream.featureId()));
        json.append(",\"device\":").append(quoted(stream.device().value()));
        json.append(",\"quantity\":").append(quoted(stream.quantity().name()));
        json.append(",\"instance\":").append(stream.instance());
        json.append(",\"value\":").append(item.value());
        json.append(",\"unit\":").append(quoted(stream.unit()));
        json.append(",\"measured_at\":\"");
        json.append(Instant.EPOCH.plus(item.measuredAt(), ChronoUnit.MICROS)).append("\"}");
    }

    private static String quoted(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
