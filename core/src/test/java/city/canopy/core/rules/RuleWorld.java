package city.canopy.core.rules;

import city.canopy.core.packs.Packs;
import city.canopy.core.series.Appended;
import city.canopy.core.series.Datastream;
import city.canopy.core.series.Sample;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.filter.Spatial;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

/** A small city with the real packs, one partition, and a store in memory. Times are written as "06:00" of one day. */
final class RuleWorld {
    static final Packs PACKS = Packs.load(Optional.empty());
    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final Map<String, Map<String, GeoFeature>> layers = new TreeMap<>();
    private final Map<String, Long> layerVersions = new HashMap<>();
    private final Map<String, LayerSnapshot> snapshots = new HashMap<>();
    private final Map<DeviceId, Device> devices = new LinkedHashMap<>();
    private final Map<String, Datastream> streams = new LinkedHashMap<>();
    private final Map<Long, TreeMap<Long, Sample>> stored = new HashMap<>();
    private final Map<String, RuleStates.Kept> written = new TreeMap<>();
    private final List<Appended.Fresh> batch = new ArrayList<>();
    static final ZoneId ZONE = ZoneId.of("Asia/Ho_Chi_Minh");

    private RuleBook book;
    private DeviceRegistry registry = new DeviceRegistry(List.of());
    private RuleStates states = new RuleStates(List.of());
    private Judge judge;
    private Instant startedAt;

    RuleWorld() {
        this(new RuleBook(PACKS.rules().stream().map(RuleText::rule).toList()));
    }

    /** With the packs' rules of one kind only. */
    static RuleWorld with(Class<? extends Rule> kind) {
        return new RuleWorld(new RuleBook(PACKS.rules().stream()
                .map(RuleText::rule)
                .filter(kind::isInstance)
                .toList()));
    }

    RuleWorld(RuleBook book) {
        this.book = book;
        for (String layer : List.of("trees", "waste_points", "roads", "wards", "zones")) {
            layers.put(layer, new TreeMap<>());
        }
        start("00:00");
    }

    static Instant at(String time) {
        String[] parts = time.split(":");
        Duration since = Duration.ofHours(Integer.parseInt(parts[0])).plusMinutes(Integer.parseInt(parts[1]));
        return DAY.plus(parts.length > 2 ? since.plusSeconds(Integer.parseInt(parts[2])) : since);
    }

    private static String time(Instant instant) {
        Duration since = Duration.between(DAY, instant);
        String text = String.format("%02d:%02d", since.toHours(), since.toMinutesPart());
        return since.toSecondsPart() == 0 ? text : text + String.format(":%02d", since.toSecondsPart());
    }

    RuleWorld feature(String layer, String id, Map<String, Object> properties) {
        layers.get(layer)
                .put(id, new GeoFeature(layer, id, GEOMETRIES.createPoint(new Coordinate(105.8, 21.5)), properties, 1));
        layerVersions.merge(layer, 1L, Long::sum);
        snapshots.remove(layer);
        return this;
    }

    RuleWorld square(String layer, String id, double lon, double lat, Map<String, Object> properties) {
        var envelope = new org.locationtech.jts.geom.Envelope(lon - 0.01, lon + 0.01, lat - 0.01, lat + 0.01);
        layers.get(layer).put(id, new GeoFeature(layer, id, GEOMETRIES.toGeometry(envelope), properties, 1));
        layerVersions.merge(layer, 1L, Long::sum);
        snapshots.remove(layer);
        return this;
    }

    /** A device, enrolled when the day began. */
    RuleWorld device(String id, String profile, Binding binding) {
        return device(id, profile, binding, null);
    }

    RuleWorld device(String id, String profile, Binding binding, String gateway) {
        DeviceId device = new DeviceId(id);
        devices.put(
                device,
                new Device(
                        device,
                        profile,
                        List.of(new Device.Since(DAY, binding)),
                        gateway == null ? null : new DeviceId(gateway),
                        DAY));
        registry = new DeviceRegistry(devices.values());
        return this;
    }

    /** Starts the judge, or starts it again with nothing but what has been committed. */
    RuleWorld start(String time) {
        batch.clear();
        startedAt = at(time);
        states = new RuleStates(written.values());
        judge = new Judge(
                () -> book,
                states,
                new Surroundings(
                        new Layers(),
                        new Spatial(new Layers(), WorkingPlane.centredOn(105.8, 21.5)),
                        () -> registry,
                        PACKS::profiles,
                        new StoredPast(),
                        ZONE,
                        startedAt));
        return this;
    }

    /** Other rules are in force from now on. */
    RuleWorld rules(Rule... rules) {
        book = new RuleBook(List.of(rules));
        return this;
    }

    Judge judge() {
        return judge;
    }

    RuleStates states() {
        return states;
    }

    Sample sample(String device, String quantity, double value, String measured, String received) {
        Device enrolled = devices.get(new DeviceId(device));
        Binding.ToFeature bound = enrolled.binding() instanceof Binding.ToFeature feature ? feature : null;
        Datastream stream = streams.computeIfAbsent(
                device + "/" + quantity + "/" + bound,
                key -> new Datastream(
                        streams.size() + 1,
                        enrolled.id(),
                        new Quantity(quantity),
                        0,
                        bound == null ? null : bound.layer(),
                        bound == null ? null : bound.featureId(),
                        PACKS.quantities().get(new Quantity(quantity)).unit()));
        return new Sample(stream, value, Micros.of(at(measured)), Micros.of(at(received)), true, 0);
    }

    /** Appends and judges a reading that is received as it is measured, and commits. */
    String reports(String device, String quantity, double value, String time) {
        String found = judged(device, quantity, value, time, time);
        commit();
        return found;
    }

    /** Appends and judges a reading, and leaves the transaction open. */
    String judged(String device, String quantity, double value, String measured, String received) {
        return judged(List.of(sample(device, quantity, value, measured, received)));
    }

    String judged(List<Sample> samples) {
        List<Appended.Fresh> fresh = new ArrayList<>();
        for (Sample sample : samples) {
            TreeMap<Long, Sample> before = stored.getOrDefault(sample.stream().id(), new TreeMap<>());
            boolean duplicate = before.containsKey(sample.measuredAt());
            if (!duplicate) {
                boolean late = !before.isEmpty() && before.lastKey() > sample.measuredAt();
                fresh.add(new Appended.Fresh(sample, late, 7));
            }
        }
        batch.addAll(fresh);
        return said(judge.judge(fresh));
    }

    String tick(String time) {
        String found = tickOpen(time);
        commit();
        return found;
    }

    String tickOpen(String time) {
        return said(judge.tick(at(time), device -> true));
    }

    void commit() {
        reachDatabase();
        judge.adopt();
    }

    /** The transaction has committed, but the answer is lost: the line must take it for failed. */
    void commitWithoutAnswer() {
        reachDatabase();
        judge.discard();
    }

    private void reachDatabase() {
        for (RuleStates.Kept kept : judge.changes()) {
            if (kept.state().phase() == RuleState.Phase.CLEAR) {
                written.remove(kept.rule() + " " + kept.key());
            } else {
                written.put(kept.rule() + " " + kept.key(), kept);
            }
        }
        for (Appended.Fresh fresh : batch) {
            if (!fresh.late()) {
                stored.computeIfAbsent(fresh.sample().stream().id(), id -> new TreeMap<>())
                        .put(fresh.sample().measuredAt(), fresh.sample());
            }
        }
        batch.clear();
    }

    void rollback() {
        batch.clear();
        judge.discard();
    }

    static String said(List<Finding> findings) {
        return findings.stream().map(RuleWorld::line).collect(Collectors.joining("; "));
    }

    private static String line(Finding finding) {
        String what = finding.rule().id() + " @ " + finding.subject().layer() + "/"
                + finding.subject().id();
        if (finding instanceof Finding.Raise raise) {
            String held = raise.since().equals(raise.at()) ? "" : ", raised " + time(raise.at());
            return "open " + what + " since " + time(raise.since()) + held;
        }
        return "clear " + what + " at " + time(finding.at());
    }

    private final class Layers implements LayerSource {
        @Override
        public Set<String> names() {
            return layers.keySet();
        }

        @Override
        public LayerSnapshot snapshot(String layer) {
            return snapshots.computeIfAbsent(
                    layer,
                    name -> new LayerSnapshot(
                            name,
                            layerVersions.getOrDefault(name, 0L),
                            layers.get(name).values()));
        }
    }

    private final class StoredPast implements Past {
        @Override
        public List<RuleStates.Kept> states(Collection<String> keys) {
            return written.values().stream()
                    .filter(kept -> keys.contains(kept.key()))
                    .toList();
        }

        @Override
        public List<Last> last(Collection<Long> datastreams) {
            List<Last> last = new ArrayList<>();
            for (long id : datastreams) {
                Sample sample = stored.get(id).lastEntry().getValue();
                last.add(new Last(sample.stream(), sample.measuredAt(), sample.receivedAt()));
            }
            return last;
        }

        @Override
        public List<Stored> readings(Collection<Wanted> wanted) {
            List<Stored> found = new ArrayList<>();
            for (Wanted each : wanted) {
                stored.getOrDefault(each.datastream(), new TreeMap<>())
                        .tailMap(each.from(), true)
                        .values()
                        .forEach(sample ->
                                found.add(new Stored(each.datastream(), sample.measuredAt(), sample.value())));
            }
            return found;
        }

        @Override
        public Map<DeviceId, Long> lastHeard(Collection<DeviceId> wanted) {
            Map<DeviceId, Long> heard = new HashMap<>();
            for (TreeMap<Long, Sample> samples : stored.values()) {
                Sample last = samples.lastEntry().getValue();
                if (wanted.contains(last.stream().device())) {
                    heard.merge(last.stream().device(), last.receivedAt(), Math::max);
                }
            }
            return heard;
        }
    }
}
