package city.canopy.devices.envelope;

/**
 * MQTT topic filters: {@code +} stands for one level, a last {@code #} for all the rest, the level before it included
 * (MQTT 5, section 4.7). Any thread.
 */
public final class TopicFilter {
    private TopicFilter() {}

    /** Whether this is a filter at all: not empty, no NUL, wildcards alone in their level, {@code #} only at the end. */
    public static boolean isValid(String filter) {
        int length = filter.length();
        if (length == 0 || length > 65_535) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = filter.charAt(i);
            boolean alone = (i == 0 || filter.charAt(i - 1) == '/') && (i + 1 == length || filter.charAt(i + 1) == '/');
            if (c == 0 || (c == '+' && !alone) || (c == '#' && !(alone && i + 1 == length))) {
                return false;
            }
        }
        return true;
    }

    /** Whether this is a name to publish to: not empty, no wildcard, no NUL. */
    public static boolean isValidTopic(String topic) {
        int length = topic.length();
        if (length == 0 || length > 65_535) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = topic.charAt(i);
            if (c == 0 || c == '+' || c == '#') {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a topic falls under a filter. A filter that begins with a wildcard leaves out topics that begin with
     * {@code $}.
     *
     * @param filter a valid one, see {@link #isValid}
     */
    public static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        int f = 0;
        int t = 0;
        while (true) {
            int endOfFilter = levelEnd(filter, f);
            if (endOfFilter == f + 1 && filter.charAt(f) == '#') {
                return true;
            }
            int endOfTopic = levelEnd(topic, t);
            boolean wild = endOfFilter == f + 1 && filter.charAt(f) == '+';
            if (!wild && !sameLevel(filter, f, endOfFilter, topic, t, endOfTopic)) {
                return false;
            }
            boolean filterDone = endOfFilter == filter.length();
            if (endOfTopic == topic.length()) {
                return filterDone || (endOfFilter + 2 == filter.length() && filter.endsWith("/#"));
            }
            if (filterDone) {
                return false;
            }
            f = endOfFilter + 1;
            t = endOfTopic + 1;
        }
    }

    private static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private static boolean sameLevel(String filter, int f, int endOfFilter, String topic, int t, int endOfTopic) {
        return endOfFilter - f == endOfTopic - t && filter.regionMatches(f, topic, t, endOfTopic - t);
    }
}
