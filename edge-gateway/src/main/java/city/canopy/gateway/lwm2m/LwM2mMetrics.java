package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.CommandReply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/** What the LwM2M door counts. Any thread. */
final class LwM2mMetrics {
    private final MeterRegistry meters;
    private final Counter sends;
    private final Counter notifications;
    private final Counter rereads;
    private final Map<Refused, Counter> refused = new EnumMap<>(Refused.class);
    private final Map<CommandReply.State, Counter> commands = new EnumMap<>(CommandReply.State.class);
    private final Map<Later, Counter> later = new EnumMap<>(Later.class);

    /** What became of a write that follows another. */
    enum Later {
        DONE,
        REFUSED,
        UNANSWERED
    }

    LwM2mMetrics(MeterRegistry meters) {
        this.meters = meters;
        sends = meters.counter("canopy.gateway.lwm2m.sends");
        notifications = meters.counter("canopy.gateway.lwm2m.notifications");
        rereads = meters.counter("canopy.gateway.lwm2m.rereads");
        for (Refused cause : Refused.values()) {
            refused.put(cause, meters.counter("canopy.gateway.lwm2m.refused", "cause", cause.wire()));
        }
        for (CommandReply.State state : CommandReply.State.values()) {
            commands.put(
                    state,
                    meters.counter(
                            "canopy.gateway.lwm2m.commands",
                            "outcome",
                            state.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** @param waiting how many writes are due later */
    void laterWrites(IntSupplier waiting) {
        Gauge.builder("canopy.gateway.lwm2m.later.waiting", waiting::getAsInt)
                .strongReference(true)
                .register(meters);
        for (Later outcome : Later.values()) {
            later.put(
                    outcome,
                    meters.counter(
                            "canopy.gateway.lwm2m.later",
                            "outcome",
                            outcome.name().toLowerCase(Locale.ROOT)));
        }
    }

    void later(Later outcome) {
        later.get(outcome).increment();
    }

    void registrations(IntSupplier count) {
        Gauge.builder("canopy.gateway.lwm2m.registrations", count::getAsInt)
                .strongReference(true)
                .register(meters);
    }

    /** A Send that is kept. */
    void send() {
        sends.increment();
    }

    /** A notification, or the answer to an observation, that is kept. */
    void notification() {
        notifications.increment();
    }

    /** An answer to a read that closes a gap. */
    void reread() {
        rereads.increment();
    }

    void refused(Refused cause) {
        refused.get(cause).increment();
    }

    void command(CommandReply.State outcome) {
        commands.get(outcome).increment();
    }
}
