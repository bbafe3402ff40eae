package city.canopy.gateway.lwm2m;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.DeviceState.Presence;
import city.canopy.gateway.store.StateStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.leshan.server.queue.PresenceService;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When devices were last heard, and which are lost. What is lost is kept over a restart. Any thread. */
final class Presences {
    private static final Logger LOG = LoggerFactory.getLogger(Presences.class);
    private static final String SPACE = "lwm2m.lost";

    private final StateStore state;
    private final Clock clock;
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();
    private final Map<String, DeviceState> lost = new ConcurrentHashMap<>();

    Presences(StateStore state, Clock clock) {
        this.state = state;
        this.clock = clock;
        state.list(SPACE).forEach((endpoint, value) -> {
            String[] parts = new String(value, StandardCharsets.UTF_8).split(" ");
            lost.put(
                    endpoint,
                    new DeviceState(new DeviceId(endpoint), Presence.valueOf(parts[0]), Instant.parse(parts[1])));
        });
    }

    void heard(String endpoint) {
        heard.put(endpoint, clock.instant());
        if (lost.remove(endpoint) != null) {
            state.remove(SPACE, endpoint).whenComplete((done, problem) -> report(endpoint, problem));
        }
    }

    void ended(String endpoint, Presence how) {
        Instant last = heard.remove(endpoint);
        DeviceState ended = new DeviceState(new DeviceId(endpoint), how, last == null ? clock.instant() : last);
        byte[] value = (how + " " + ended.lastHeard()).getBytes(StandardCharsets.UTF_8);
        state.put(SPACE, endpoint, value).whenComplete((done, problem) -> report(endpoint, problem));
        // Shown last: what somebody has seen is on its way to the disk.
        lost.put(endpoint, ended);
    }

    /** A device that is not behind this gateway any more. */
    void forget(String endpoint) {
        heard.remove(endpoint);
        if (lost.remove(endpoint) != null) {
            state.remove(SPACE, endpoint).whenComplete((done, problem) -> report(endpoint, problem));
        }
    }

    private static void report(String endpoint, Throwable problem) {
        if (problem != null) {
            LOG.warn("the state of {} could not be kept: {}", endpoint, problem.getMessage());
        }
    }

    Optional<DeviceState> find(String endpoint, Registration registration, PresenceService presence) {
        return registration == null
                ? Optional.ofNullable(lost.get(endpoint))
                : Optional.of(state(registration, presence));
    }

    List<DeviceState> list(Iterator<Registration> registrations, PresenceService presence) {
        List<DeviceState> states = new ArrayList<>(lost.values());
        while (registrations.hasNext()) {
            states.add(state(registrations.next(), presence));
        }
        return states;
    }

    private DeviceState state(Registration registration, PresenceService presence) {
        Instant last = heard.getOrDefault(
                registration.getEndpoint(), registration.getLastUpdate().toInstant());
        Presence now = !registration.usesQueueMode()
                ? Presence.REGISTERED
                : presence.isClientAwake(registration) ? Presence.AWAKE : Presence.ASLEEP;
        return new DeviceState(new DeviceId(registration.getEndpoint()), now, last);
    }
}
