package city.canopy.core.health;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** All parts of the service and how each is. Asking is cheap and may block for a moment; any thread. */
public final class Health {
    private final List<Supplier<HealthPart>> parts = new CopyOnWriteArrayList<>();
    private final Map<String, Since> since = new ConcurrentHashMap<>();
    private final Clock clock;

    private record Since(HealthPart.State state, Instant at) {}

    /**
     * A part as it is now.
     *
     * @param since from when on it has been in this state
     */
    public record Checked(HealthPart part, Instant since) {}

    public Health(Clock clock) {
        this.clock = clock;
    }

    /** Adds a part; it is asked at each {@link #check}. What it throws counts as its failure. */
    public void add(String name, Supplier<HealthPart> part) {
        parts.add(() -> {
            try {
                return part.get();
            } catch (RuntimeException e) {
                return HealthPart.fail(
                        name,
                        "unknown",
                        "Không kiểm tra được: " + e.getMessage(),
                        "Cannot be checked: " + e.getMessage());
            }
        });
    }

    /** Every part, in the order in which they were added. */
    public List<Checked> check() {
        List<Checked> checked = new ArrayList<>();
        for (Supplier<HealthPart> part : parts) {
            HealthPart now = part.get();
            Since from = since.compute(
                    now.name(),
                    (name, before) -> before != null && before.state() == now.state()
                            ? before
                            : new Since(now.state(), clock.instant()));
            checked.add(new Checked(now, from.at()));
        }
        return checked;
    }

    /** Whether the service does what it is for. */
    public static boolean isReady(List<Checked> checked) {
        return checked.stream().noneMatch(one -> one.part().state() == HealthPart.State.FAIL);
    }
}
