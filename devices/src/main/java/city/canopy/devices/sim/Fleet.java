package city.canopy.devices.sim;

import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The simulated devices.
 *
 * @param members each with an id of its own
 */
public record Fleet(List<Member> members) {
    /**
     * One simulated device.
     *
     * @param device its name
     * @param every its reporting rhythm, 100 ms or more
     * @param signals what it measures, by the key that stands in its payload
     * @param route where it goes; empty where it stands still
     * @param faults what goes wrong with it
     */
    public record Member(
            DeviceId device, Duration every, Map<String, Signal> signals, Optional<Route> route, List<Fault> faults) {
        public Member {
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(route, "route");
            if (every.toMillis() < 100) {
                throw new IllegalArgumentException(device + ": a rhythm is 100 ms or more, not " + every);
            }
            if (signals.isEmpty() && route.isEmpty()) {
                throw new IllegalArgumentException(device + ": a device measures something or moves");
            }
            for (String key : signals.keySet()) {
                if (!DeviceId.isValid(key)) {
                    throw new IllegalArgumentException(device + ": a key of a payload is plain, not " + key);
                }
            }
            signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
            faults = List.copyOf(faults);
        }

        /** A device that stands still and never fails. */
        public static Member of(DeviceId device, Duration every, Map<String, Signal> signals) {
            return new Member(device, every, signals, Optional.empty(), List.of());
        }

        public Member with(Fault... more) {
            return new Member(device, every, signals, route, List.of(more));
        }

        public Member along(Route way) {
            return new Member(device, every, signals, Optional.of(way), faults);
        }
    }

    /** @throws IllegalArgumentException when two members have the same name */
    public Fleet {
        members = List.copyOf(members);
        Set<DeviceId> seen = new HashSet<>();
        for (Member member : members) {
            if (!seen.add(member.device())) {
                throw new IllegalArgumentException("two members of the fleet are named " + member.device());
            }
        }
    }
}
