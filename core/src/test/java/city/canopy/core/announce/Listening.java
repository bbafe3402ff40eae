package city.canopy.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A subscriber that takes all there is, and reads the ids out of what it got. */
final class Listening {
    private final Subscription subscription;
    private final List<String> events = new ArrayList<>();

    Listening(Subscription subscription) {
        this.subscription = subscription;
    }

    /** Everything got so far. */
    List<String> drain() {
        while (step()) {
            // there may be more
        }
        return events;
    }

    /** Takes once; false when there is nothing more for now. */
    boolean step() {
        Subscription.Take take = subscription.take();
        if (take instanceof Subscription.Take.Events some) {
            some.events().forEach(this::add);
        } else if (take instanceof Subscription.Take.Behind) {
            subscription.load().forEach(this::add);
        }
        return !(take instanceof Subscription.Take.Idle);
    }

    private void add(byte[] event) {
        events.add(new String(event, StandardCharsets.UTF_8));
    }

    List<Long> ids() {
        return events.stream()
                .filter(event -> event.startsWith("id: "))
                .map(event -> Long.parseLong(event.substring(4, event.indexOf('\n'))))
                .toList();
    }
}
