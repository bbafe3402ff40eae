package city.canopy.devices.envelope;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a door's log says of messages on topics where their sender may not speak: firmware that was set up wrongly is
 * disconnected by MQTT 3.1.1 without a word, and comes again and again. One line in {@link #EVERY}. Any thread.
 */
public final class ForeignTopics {
    /** At most one line in so long. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    private static final int LONGEST = 120;

    private final Clock clock;
    private Instant next = Instant.MIN;
    private long unsaid;

    public ForeignTopics(Clock clock) {
        this.clock = clock;
    }

    /**
     * A message came where it may not.
     *
     * @param sender who logged in, as {@code device:bin-1}
     * @param client its MQTT client id
     * @return the line for the log; empty where one was written a short while ago
     */
    public synchronized Optional<String> refused(String sender, String client, String topic) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            unsaid++;
            return Optional.empty();
        }
        String others =
                unsaid == 0 ? "" : " (and " + unsaid + " more messages on foreign topics since the last such line)";
        next = now.plus(EVERY);
        unsaid = 0;
        return Optional.of("The MQTT client \"" + plain(client) + "\" of " + plain(sender) + " may not publish to \""
                + plain(topic) + "\"" + others
                + "; an MQTT 3.1.1 client is disconnected. Let it publish as itself, to v1/devices/me/telemetry or"
                + " canopy/v1/devices/ID/telemetry with the id that it is enrolled under");
    }

    /** What comes from outside, on one line. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.LINE_SEPARATOR
                        ? '?'
                        : each)
                .forEach(plain::appendCodePoint);
        return plain.length() < text.length() ? plain + "…" : plain.toString();
    }
}
