package city.canopy.gateway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of whole numbers from 1 on, kept as ranges: what of a store has been confirmed. Not for several threads at once. */
public final class Ranges {
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** Numbers from {@code first} to {@code last}, both included. */
    public record Range(long first, long last) {
        public Range {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException("no range: " + first + " to " + last);
            }
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    /** Adds the numbers, those that are there already as well. */
    public void add(long first, long last) {
        Range added = new Range(first, last);
        long from = added.first();
        long to = added.last();
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> within = ranges.higherEntry(from);
        while (within != null && within.getKey() <= to + 1) {
            to = Math.max(to, within.getValue());
            ranges.remove(within.getKey());
            within = ranges.higherEntry(from);
        }
        ranges.put(from, to);
    }

    public boolean contains(long number) {
        Map.Entry<Long, Long> entry = ranges.floorEntry(number);
        return entry != null && entry.getValue() >= number;
    }

    /** The highest number up to which, from 1 on, all are there; 0 for none. */
    public long through() {
        Map.Entry<Long, Long> first = ranges.firstEntry();
        return first == null || first.getKey() > 1 ? 0 : first.getValue();
    }

    /** The first number from {@code number} on that is not there. */
    public long firstMissing(long number) {
        Map.Entry<Long, Long> entry = ranges.floorEntry(number);
        return entry != null && entry.getValue() >= number ? entry.getValue() + 1 : number;
    }

    /** How many of the numbers from 1 to {@code last} are not there. */
    public long missing(long last) {
        long there = 0;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            there += Math.max(0, Math.min(range.getValue(), last) - range.getKey() + 1);
        }
        return last - there;
    }

    /** In ascending order. */
    public List<Range> list() {
        List<Range> list = new ArrayList<>();
        ranges.forEach((first, last) -> list.add(new Range(first, last)));
        return list;
    }

    /** As {@code 1-17,20-23}; empty for none. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Range range : list()) {
            text.append(text.isEmpty() ? "" : ",").append(range);
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException when it is none of {@link #toString}'s texts */
    public static Ranges parse(String text) {
        Ranges ranges = new Ranges();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            int dash = part.indexOf('-');
            if (dash < 1) {
                throw new IllegalArgumentException("a range is FIRST-LAST, not \"" + part + "\"");
            }
            ranges.add(Long.parseLong(part.substring(0, dash)), Long.parseLong(part.substring(dash + 1)));
        }
        return ranges;
    }
}
