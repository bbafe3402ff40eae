package city.canopy.core.demo.past;

import static city.canopy.core.demo.past.Incident.HOUR;
import static city.canopy.core.demo.past.Incident.MINUTE;

import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.past.Incident.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * What happened in a past: which trouble struck which device when, and how long it took. Follows from the devices, the
 * start, the length and the seed. No device and no subject has two troubles at a time, and every trouble is over before
 * the start.
 */
final class PastPlan {
    private static final long DAY = 24 * HOUR;
    private static final double LATE = 0.12;
    private static final double REJECTED = 0.05;
    private static final double MERGED = 0.03;
    private static final int MANY_DEVICES = 1_000;
    private static final int ATTEMPTS = 200;

    private final List<DemoDevice> calm;
    private final Function<String, Duration> rhythm;
    private final WorkingDay day;
    private final long from;
    private final Random random;
    private final Rain rain;
    private final List<Incident> incidents = new ArrayList<>();
    private final Map<String, List<Incident>> ofSubject = new HashMap<>();

    /**
     * @param devices all of them; what tells the story has no past, and no trouble strikes where it stands
     * @param rhythm how often devices of a profile are expected to report
     * @param days how long the past is, 1 to 366
     * @param day when crews work
     */
    PastPlan(List<DemoDevice> devices, Function<String, Duration> rhythm, int days, WorkingDay day, long seed) {
        Set<String> taken = new HashSet<>();
        devices.stream()
                .filter(device -> device.role() == DemoDevice.Role.STORY)
                .forEach(device -> taken.add(place(device)));
        this.calm = devices.stream()
                .filter(device -> device.role() == DemoDevice.Role.CALM && !taken.contains(place(device)))
                .toList();
        this.rhythm = rhythm;
        this.day = day;
        this.from = -days * DAY;
        this.random = new Random(seed ^ 0x70617374);
        this.rain = new Rain(from, random);
        for (Trouble trouble : Trouble.values()) {
            strike(trouble, days);
        }
    }

    List<Incident> incidents() {
        return incidents;
    }

    Rain rain() {
        return rain;
    }

    private static String place(DemoDevice device) {
        return device.feature().layer() + "/" + device.feature().id();
    }

    private void strike(Trouble trouble, int days) {
        List<DemoDevice> likely = calm.stream()
                .filter(device -> trouble.strikes(device.profile()))
                .toList();
        double share = Math.min(1, calm.size() / (double) MANY_DEVICES) * days / 90;
        long wanted = Math.max(1, Math.round(trouble.perQuarter() * share));
        for (int attempt = 0; wanted > 0 && !likely.isEmpty() && attempt < ATTEMPTS * wanted; attempt++) {
            Incident incident = draw(trouble, likely.get(random.nextInt(likely.size())));
            if (incident != null && isFree(incident)) {
                incidents.add(incident);
                ofSubject
                        .computeIfAbsent(place(incident.device()), place -> new ArrayList<>())
                        .add(incident);
                wanted--;
            }
        }
    }

    /** One that may have happened, or null where the draw does not fit into the past. */
    private Incident draw(Trouble trouble, DemoDevice device) {
        long onset = onset(trouble);
        long opened = onset
                + (trouble == Trouble.SILENCE
                        ? 3 * rhythm.apply(device.profile()).toMillis() + 1_000
                        : trouble.hold());
        boolean late = random.nextDouble() < LATE;
        long fixed = opened + trouble.work(late, random.nextDouble());
        if (!trouble.isUrgent()) {
            fixed = day.byDay(fixed, random.nextDouble());
        }
        Ending ending = Ending.DONE;
        if (trouble.isDoubtful()) {
            double draw = random.nextDouble();
            ending = draw < REJECTED ? Ending.REJECTED : draw < REJECTED + MERGED ? Ending.MERGED : Ending.DONE;
        }
        Incident incident = new Incident(trouble, device, onset, opened, fixed, ending, random.nextDouble());
        return incident.begins() < from + HOUR || fixed > -HOUR ? null : incident;
    }

    private long onset(Trouble trouble) {
        if (trouble == Trouble.FLOOD) {
            List<Rain.Shower> showers = rain.showers();
            return showers.isEmpty()
                    ? 0
                    : showers.get(random.nextInt(showers.size())).from() + (20 + random.nextInt(70)) * MINUTE;
        }
        long moment = from + (long) (random.nextDouble() * -from);
        return day.atHour(moment, trouble.hour(random.nextDouble()));
    }

    private boolean isFree(Incident wanted) {
        return ofSubject.getOrDefault(place(wanted.device()), List.of()).stream()
                .allMatch(there -> wanted.ends() + DAY < there.begins() || there.ends() + DAY < wanted.begins());
    }
}
