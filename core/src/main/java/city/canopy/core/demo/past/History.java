package city.canopy.core.demo.past;

import city.canopy.core.db.Database;
import city.canopy.core.demo.city.DemoDevice;
import city.canopy.core.demo.crew.Crew;
import city.canopy.core.demo.crew.Deed;
import city.canopy.core.ingest.Backfill;
import city.canopy.core.registry.Registry;
import city.canopy.core.series.SeriesBackfill;
import city.canopy.core.series.SeriesLayout;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.devices.sim.Fleet;
import city.canopy.devices.sim.Report;
import city.canopy.devices.sim.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells the past of the calm devices up to the start of their scenario: their reports go through the line at the times at
 * which they would have come, and people deal with what the rules make of them. Where it is cut off it goes on at the next
 * run, and what has been told is not told again. Runs on the caller's thread.
 */
public final class History {
    private static final String JSON = "application/json";
    private static final Duration USUAL = Duration.ofHours(4);
    private static final Duration OFTEN = Duration.ofHours(1);
    /** How many of the devices report hourly. */
    private static final int OFTEN_DEVICES = 100;

    private static final Set<String> SELDOM =
            Set.of("soil_temperature", "waste_temperature", "noise", "relative_humidity", "wind_speed");
    private static final int BATCH = 2_000;
    private static final long DAY = 24 * Incident.HOUR;
    /** The roll-ups follow in steps of so many days. */
    private static final int ROLL_UP_DAYS = 10;

    /**
     * What is told of.
     *
     * @param devices all devices; the calm ones have a past
     * @param scenario what they say from its start on
     * @param days how long the past is, 1 to 366
     * @param zone where days begin
     * @param rhythm how often devices of a profile are expected to report
     */
    public record Scene(
            List<DemoDevice> devices, Scenario scenario, int days, ZoneId zone, Function<String, Duration> rhythm) {
        public Scene {
            devices = List.copyOf(devices);
            if (days < 1 || days > 366) {
                throw new IllegalArgumentException("a past is 1 to 366 days long, not " + days);
            }
        }
    }

    /**
     * Where it is told.
     *
     * @param backfills makes the way into the line, from a moment on, watching the silence of some devices
     * @param announced told when tickets have changed
     */
    public record Ways(
            Database database,
            Registry registry,
            SeriesLayout series,
            TicketDesk desk,
            BiFunction<Instant, Supplier<DeviceRegistry>, Backfill> backfills,
            Runnable announced) {}

    private final Scene scene;
    private final Ways ways;
    private final Instant start;
    private final Instant from;
    private final WorkingDay day;
    private final PastPlan plan;
    private final Crew crew;
    private final Map<DeviceId, DemoDevice> calm = new LinkedHashMap<>();
    private final Map<DeviceId, List<Incident>> incidents = new HashMap<>();
    private final List<Uplink> batch = new ArrayList<>(BATCH);
    private volatile DeviceRegistry watched = new DeviceRegistry(List.of());
    private Backfill line;

    /** @param crew who deals with what happens */
    public History(Scene scene, Ways ways, Crew crew) {
        this.scene = scene;
        this.ways = ways;
        this.start = scene.scenario().start();
        this.from = start.minus(Duration.ofDays(scene.days()));
        this.day = new WorkingDay(start, scene.zone());
        this.plan = new PastPlan(
                scene.devices(),
                scene.rhythm(),
                scene.days(),
                day,
                scene.scenario().seed());
        this.crew = crew;
        scene.devices().stream()
                .filter(device -> device.role() == DemoDevice.Role.CALM)
                .forEach(device -> calm.put(device.id(), device));
        plan.incidents()
                .forEach(incident -> incidents
                        .computeIfAbsent(incident.device().id(), id -> new ArrayList<>())
                        .add(incident));
    }

    /** Whether all of it has been told. */
    public boolean isTold() {
        return !told().isBefore(start);
    }

    private Instant told() {
        return ways.database().read(PgHistoryMark::find).orElse(from);
    }

    /**
     * Tells what has not been told yet.
     *
     * @param progress hears how much has been told, 0 to 1, after each step
     * @throws InterruptedException when it is cut off
     */
    public void tell(DoubleConsumer progress) throws InterruptedException {
        Instant begin = told();
        if (!begin.isBefore(start)) {
            return;
        }
        try (SeriesBackfill series = new SeriesBackfill(ways.series(), begin, start);
                Backfill opened = ways.backfills().apply(from, () -> watched)) {
            line = opened;
            tell(day.millis(begin), series, progress);
        }
        ways.database().inTransaction(connection -> {
            PgHistoryMark.set(connection, start);
            return null;
        });
        progress.accept(1);
    }

    private void tell(long begin, SeriesBackfill series, DoubleConsumer progress) throws InterruptedException {
        Iterator<Report> reports = reports(begin);
        Iterator<Happening> happenings = Happenings.of(
                        plan.incidents(), day, scene.scenario().seed())
                .stream()
                .filter(one -> one.at() > begin)
                .iterator();
        Optional<Happening> next = next(happenings);
        long rollUpAt = Math.floorDiv(begin, DAY) * DAY + ROLL_UP_DAYS * DAY;
        while (reports.hasNext()) {
            Report report = reports.next();
            long at = day.millis(report.sendAt());
            while (next.isPresent() && next.get().at() <= at) {
                happen(next.get());
                next = next(happenings);
            }
            say(report, at);
            if (batch.size() >= BATCH) {
                flush();
                mark(at);
                progress.accept(1 + at / (scene.days() * (double) DAY));
            }
            if (at >= rollUpAt) {
                flush();
                series.rollUp(day.instant(rollUpAt));
                rollUpAt += ROLL_UP_DAYS * DAY;
            }
        }
        while (next.isPresent()) {
            happen(next.get());
            next = next(happenings);
        }
        flush();
        series.rollUp(start);
    }

    private static Optional<Happening> next(Iterator<Happening> happenings) {
        return happenings.hasNext() ? Optional.of(happenings.next()) : Optional.empty();
    }

    /** The usual reports, thinned. */
    private Iterator<Report> reports(long begin) {
        List<Fleet.Member> members =
                calm.values().stream().map(DemoDevice::member).toList();
        Map<DeviceId, Duration> often = new HashMap<>();
        members.stream().limit(OFTEN_DEVICES).forEach(member -> often.put(member.device(), OFTEN));
        return new Scenario(scene.scenario().seed(), start, new Fleet(members))
                .before(day.instant(begin), member -> often.getOrDefault(member.device(), USUAL));
    }

    private void say(Report report, long at) {
        DemoDevice device = calm.get(report.device());
        Map<String, Double> values = new LinkedHashMap<>(report.values());
        // Of a battery one word a day is enough, of what nobody judges two.
        if (Math.floorMod(at, DAY) >= USUAL.toMillis()) {
            values.remove("battery");
        }
        if (Math.floorMod(at, DAY / 2) >= USUAL.toMillis()) {
            values.keySet().removeAll(SELDOM);
        }
        if (device.profile().equals("generic-weather")) {
            values.computeIfPresent("rainfall", (name, none) -> plan.rain().at(at));
        }
        Map<String, Double> told = values;
        for (Incident incident : incidents.getOrDefault(device.id(), List.of())) {
            if (incident.mutes(at)) {
                return;
            }
            told = incident.tell(told, at);
        }
        send(report, told);
    }

    private void send(Report report, Map<String, Double> values) {
        byte[] payload =
                new Report(report.sendAt(), report.device(), report.measuredAt(), values, report.position()).toJson();
        batch.add(new Uplink(report.device(), JSON, payload, report.sendAt().plusMillis(400)));
    }

    private void happen(Happening happening) throws InterruptedException {
        if (happening instanceof Happening.Alarm alarm) {
            Incident incident = alarm.incident();
            Report report = scene.scenario().ask(incident.device().member(), day.instant(alarm.at()));
            Map<String, Double> values = new LinkedHashMap<>(report.values());
            values.remove("battery");
            send(report, incident.tell(values, alarm.at()));
            flush();
        } else if (happening instanceof Happening.Look look) {
            flush();
            look(look);
        } else if (happening instanceof Happening.Act act) {
            flush();
            act(act);
            ways.announced().run();
        }
    }

    /** The mark is set along with it, so that it is never done twice. */
    private void act(Happening.Act act) {
        Incident incident = act.incident();
        Instant now = day.instant(act.at());
        long number = Math.abs((act.deed() == Deed.REPORT ? act.at() : incident.onset()) / 1_000);
        String words = incident.trouble().words(act.deed(), number);
        crew.act(
                new Crew.Wish(incident.subject(), act.service(), act.deed(), words, number),
                now,
                connection -> PgHistoryMark.set(connection, now));
    }

    /** Only whoever is silent by the plan is watched: the others report less often here than they do in truth. */
    private void look(Happening.Look look) throws InterruptedException {
        List<Device> silent = plan.incidents().stream()
                .filter(incident -> incident.trouble() == Trouble.SILENCE
                        && incident.opened() <= look.at()
                        && incident.fixed() + 10_000 > look.at())
                .flatMap(incident ->
                        ways.registry().current().find(incident.device().id()).stream())
                .map(device -> new Device(device.id(), device.profile(), device.bindings(), device.gateway(), from))
                .toList();
        watched = new DeviceRegistry(silent);
        line.tick(day.instant(look.at()));
        watched = new DeviceRegistry(List.of());
    }

    private void flush() throws InterruptedException {
        if (!batch.isEmpty()) {
            line.take(batch);
            batch.clear();
        }
    }

    private void mark(long at) {
        ways.database().inTransaction(connection -> {
            PgHistoryMark.set(connection, day.instant(at));
            return null;
        });
    }
}
