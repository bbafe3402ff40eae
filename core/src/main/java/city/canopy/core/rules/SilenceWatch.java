package city.canopy.core.rules;

import city.canopy.core.rules.RuleState.Step;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Watches one rule of silence for the devices of one partition, by receipt time. A device's silence counts from its last
 * word, its enrolment, the start of the service, or the return of its gateway, whichever was last. A device behind a
 * gateway is blamed only when the gateway, or anything else behind it, was heard after the device should have spoken;
 * while that is open it waits, and once the gateway itself is found silent nothing is said of those behind it.
 */
final class SilenceWatch {
    private static final long RESYNC_EVERY = 1_000_000;

    private record Due(long at, DeviceId device) {}

    private final Rule.Silence rule;
    private final RuleStates states;
    private final Surroundings surroundings;
    private final long startedAt;
    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    /** For each device that is watched, when it is next looked at; none while it is silent. */
    private final Map<DeviceId, Long> watched = new HashMap<>();

    private final ConcurrentLinkedQueue<DeviceId> spoken = new ConcurrentLinkedQueue<>();
    private final Map<DeviceId, RuleState> overlay = new HashMap<>();
    private final Map<DeviceId, Long> returns = new HashMap<>();
    private DeviceRegistry known;
    private long knownAt;

    SilenceWatch(Rule.Silence rule, RuleStates states, Surroundings surroundings) {
        this.rule = rule;
        this.states = states;
        this.surroundings = surroundings;
        this.startedAt = Micros.of(surroundings.startedAt());
    }

    /** A silent device has said something; any thread. */
    void spoke(DeviceId device) {
        spoken.add(device);
    }

    /** When it must next be looked after. */
    long next() {
        if (known == null || !spoken.isEmpty()) {
            return startedAt;
        }
        long first = queue.isEmpty() ? RuleSlot.NOT_DUE : queue.peek().at();
        return known == surroundings.devices().get() ? first : Math.min(first, knownAt + RESYNC_EVERY);
    }

    void tick(long now, Predicate<DeviceId> mine, List<Finding> findings) {
        DeviceRegistry registry = surroundings.devices().get();
        if (registry != known && (known == null || now >= knownAt + RESYNC_EVERY)) {
            resync(registry, mine);
            known = registry;
            knownAt = now;
        }
        for (DeviceId device = spoken.poll(); device != null; device = spoken.poll()) {
            hear(device, findings);
        }
        while (!queue.isEmpty() && queue.peek().at() <= now) {
            Due due = queue.remove();
            if (watched.remove(due.device(), due.at())) {
                registry.find(due.device())
                        .filter(device -> mine.test(device.id()))
                        .ifPresent(device -> look(device, registry, now, findings));
            }
        }
    }

    private void resync(DeviceRegistry registry, Predicate<DeviceId> mine) {
        List<DeviceId> silent = new ArrayList<>();
        for (Device device : registry.list()) {
            if (watched.containsKey(device.id()) || !mine.test(device.id())) {
                continue;
            }
            Optional<Long> patience = patience(device);
            if (patience.isEmpty()) {
                continue;
            }
            if (state(device.id()).phase() == RuleState.Phase.FIRING) {
                silent.add(device.id());
            } else {
                watch(device.id(), since(device, registry) + patience.get());
            }
        }
        if (!silent.isEmpty()) {
            Map<DeviceId, Long> heard = surroundings.past().lastHeard(silent);
            for (DeviceId device : silent) {
                LastWords.Word word = states.words().of(device);
                word.heard(heard.getOrDefault(device, 0L));
                waitFor(device);
            }
        }
    }

    private void watch(DeviceId device, long at) {
        watched.put(device, at);
        queue.add(new Due(at, device));
    }

    /** How long a device may be silent; nothing when the rule is not about it. */
    private Optional<Long> patience(Device device) {
        return surroundings
                .profiles()
                .get()
                .find(device.profile())
                .filter(profile -> rule.covers(profile.id()))
                .map(profile -> rhythm(profile) * rule.rhythms());
    }

    private static long rhythm(DeviceProfile profile) {
        return Micros.of(profile.reportEvery());
    }

    private RuleState state(DeviceId device) {
        RuleState changed = overlay.get(device);
        return changed != null
                ? changed
                : states.get(rule.id(), Source.of(device).key());
    }

    private long since(Device device, DeviceRegistry registry) {
        long since = Math.max(startedAt, Micros.of(device.enrolledAt()));
        since = Math.max(since, states.words().of(device.id()).last());
        Optional<Device> gateway = gateway(device, registry);
        return gateway.isEmpty()
                ? since
                : Math.max(since, returned(gateway.get().id()));
    }

    private long returned(DeviceId gateway) {
        return returns.getOrDefault(gateway, states.words().of(gateway).returned());
    }

    /** The gateway that a device is behind, where that is itself a device that this rule watches. */
    private Optional<Device> gateway(Device device, DeviceRegistry registry) {
        if (device.gateway() == null || device.gateway().equals(device.id())) {
            return Optional.empty();
        }
        return registry.find(device.gateway())
                .filter(gateway -> patience(gateway).isPresent());
    }

    private void look(Device device, DeviceRegistry registry, long now, List<Finding> findings) {
        Optional<Long> patience = patience(device);
        if (patience.isEmpty() || state(device.id()).phase() == RuleState.Phase.FIRING) {
            return;
        }
        long since = since(device, registry);
        long due = since + patience.get();
        long oneRhythm = patience.get() / rule.rhythms();
        if (due > now) {
            watch(device.id(), due);
        } else if (gateway(device, registry)
                .filter(gateway -> !lives(gateway, since + oneRhythm))
                .isPresent()) {
            watch(device.id(), now + oneRhythm);
        } else {
            Step step = RuleEvaluator.silent(rule, device.id(), Micros.instant(since), Micros.instant(due));
            overlay.put(device.id(), step.after());
            findings.addAll(step.findings());
        }
    }

    private boolean lives(Device gateway, long since) {
        return state(gateway.id()).phase() != RuleState.Phase.FIRING
                && Math.max(startedAt, states.words().of(gateway.id()).last()) >= since;
    }

    private void hear(DeviceId device, List<Finding> findings) {
        RuleState before = state(device);
        long last = states.words().of(device).last();
        if (before.phase() != RuleState.Phase.FIRING || last <= before.since()) {
            return;
        }
        Step step = RuleEvaluator.spoke(rule, device, Micros.instant(last));
        overlay.put(device, step.after());
        returns.put(device, last);
        findings.addAll(step.findings());
        watch(device, last);
    }

    /** What has changed phase since the last commit. */
    List<RuleStates.Kept> changes() {
        List<RuleStates.Kept> changes = new ArrayList<>(overlay.size());
        overlay.forEach((device, state) ->
                changes.add(new RuleStates.Kept(rule.id(), Source.of(device).key(), state)));
        return changes;
    }

    /** It is committed. The states themselves have been adopted. */
    void adopt() {
        returns.forEach((device, at) -> states.words().of(device).returnedAt(at));
        List<DeviceId> changed = new ArrayList<>(overlay.keySet());
        overlay.clear();
        returns.clear();
        for (DeviceId device : changed) {
            if (state(device).phase() == RuleState.Phase.FIRING) {
                waitFor(device);
            } else {
                states.words().of(device).tell(null);
            }
        }
    }

    /** It has been rolled back: everything is looked at anew. */
    void discard() {
        overlay.clear();
        returns.clear();
        watched.clear();
        queue.clear();
        known = null;
    }

    private void waitFor(DeviceId device) {
        LastWords.Word word = states.words().of(device);
        word.tell(this);
        if (word.last() > state(device).since()) {
            spoken.add(device);
        }
    }
}
