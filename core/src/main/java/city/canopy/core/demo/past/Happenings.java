package city.canopy.core.demo.past;

import static city.canopy.core.demo.past.Incident.HOUR;
import static city.canopy.core.demo.past.Incident.MINUTE;

import city.canopy.core.demo.crew.Deed;
import city.canopy.core.demo.past.Happening.Act;
import city.canopy.core.demo.past.Happening.Alarm;
import city.canopy.core.demo.past.Happening.Look;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Unfolds incidents into what is reported and what is done about them, in order of time. */
final class Happenings {
    private static final double CITIZENS = 0.2;

    private final WorkingDay day;
    private final Random random;
    private final List<Happening> all = new ArrayList<>();

    private Happenings(WorkingDay day, Random random) {
        this.day = day;
        this.random = random;
    }

    /** All that happens before the start; the same plan and seed give the same. */
    static List<Happening> of(List<Incident> incidents, WorkingDay day, long seed) {
        Happenings happenings = new Happenings(day, new Random(seed ^ 0x6163_7473));
        incidents.forEach(happenings::unfold);
        happenings.all.sort(Comparator.comparingLong(Happening::at));
        return happenings.all.stream().filter(one -> one.at() < 0).toList();
    }

    private void unfold(Incident incident) {
        alarms(incident);
        long span = incident.fixed() - incident.opened();
        long assigned = incident.opened()
                + Math.min(
                        span / 5,
                        (incident.trouble().isUrgent() ? 1 : 5) * MINUTE
                                + (long) (random.nextDouble()
                                        * (incident.trouble().isUrgent() ? 6 : 55)
                                        * MINUTE));
        long started = incident.opened() + (long) (span * (0.45 + 0.35 * random.nextDouble()));
        if (incident.trouble() == Trouble.OVERFLOW && random.nextDouble() < CITIZENS) {
            act(incident, incident.opened() + (long) (span * 0.4 * random.nextDouble()) + MINUTE, Deed.REPORT);
        }
        act(incident, assigned, Deed.ASSIGN);
        switch (incident.ending()) {
            case DONE -> done(incident, started);
            case REJECTED -> {
                act(incident, started, Deed.START);
                act(incident, incident.fixed() - MINUTE, Deed.REJECT);
            }
            case MERGED -> act(incident, started, Deed.MERGE);
        }
        incident.trouble().companion().ifPresent(service -> {
            // Whoever lets a bin stand full misses its collection as well, but later.
            boolean later = incident.trouble() == Trouble.OVERFLOW;
            act(incident, service, later ? incident.fixed() - 20 * MINUTE : assigned + MINUTE, Deed.ASSIGN);
            act(incident, service, started + MINUTE, Deed.START);
            act(incident, service, closing(incident) + MINUTE, Deed.CLOSE);
        });
    }

    private void done(Incident incident, long started) {
        act(incident, started, Deed.START);
        act(
                incident,
                incident.fixed() + (incident.trouble() == Trouble.LEAN ? 0 : 4 * MINUTE),
                incident.trouble() == Trouble.LEAN ? Deed.RESOLVE : Deed.REMARK);
        act(incident, closing(incident), Deed.CLOSE);
    }

    private long closing(Incident incident) {
        return day.byDay(incident.fixed() + (long) ((1 + 8 * random.nextDouble()) * HOUR), random.nextDouble());
    }

    private void act(Incident incident, long at, Deed deed) {
        act(incident, incident.trouble().service(), at, deed);
    }

    private void act(Incident incident, String service, long at, Deed deed) {
        all.add(new Act(at, incident, service, deed));
    }

    private void alarms(Incident incident) {
        switch (incident.trouble()) {
            case FIRE -> every(incident, incident.onset(), incident.fixed(), 10 * MINUTE);
            case FLOOD -> every(incident, incident.begins(), incident.fixed() + 20 * MINUTE, 10 * MINUTE);
            case DUST -> every(incident, incident.onset(), incident.fixed(), 30 * MINUTE);
            case LEAN -> every(incident, incident.onset() - 20 * MINUTE, incident.onset() + 25 * MINUTE, 10 * MINUTE);
            case SILENCE -> {
                all.add(new Look(incident.opened(), incident));
                all.add(new Look(incident.fixed() + 2_000, incident));
            }
            case OVERFLOW, DRY, MANHOLE -> {}
        }
        all.add(new Alarm(incident.onset() + 1, incident));
        if (incident.trouble().hold() > 0) {
            all.add(new Alarm(incident.opened() + 1_000, incident));
        }
        all.add(new Alarm(incident.fixed(), incident));
    }

    private void every(Incident incident, long from, long to, long step) {
        for (long at = from; at < to; at += step) {
            all.add(new Alarm(at, incident));
        }
    }
}
