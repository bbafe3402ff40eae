package city.canopy.core.rules;

import city.canopy.core.series.Datastream;
import city.canopy.core.series.Sample;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.geo.filter.Condition;
import city.canopy.geo.filter.Scope;
import city.canopy.geo.filter.Spatial;
import city.canopy.geo.layer.GeoFeature;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.locationtech.jts.geom.Coordinate;

/**
 * One reading in the eyes of one rule: what the names in its conditions stand for. A name is the quantity, else a
 * parameter of the rule, else {@link #HOUR} or {@link #WEEKDAY}, else an attribute of the feature. Used again and again by one thread, so that the line makes no
 * object for each reading.
 */
final class ReadingScope implements Scope {
    /** The hour of the day at which the reading was measured, where the service is: 6.5 is half past six. */
    static final String HOUR = "hour_of_day";
    /** Its day of the week: 1 is Monday, 7 is Sunday. */
    static final String WEEKDAY = "day_of_week";

    private static final double SECONDS_PER_HOUR = 3_600;

    private final Surroundings surroundings;
    private StreamRules stream;
    private GeoFeature feature;
    private RuleSlot slot;
    private double value;
    private long measuredAt;
    private long frame;

    ReadingScope(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Looks at this reading from now on. */
    void read(StreamRules of, Sample sample, long frameId) {
        stream = of;
        feature = of.feature(surroundings.layers());
        value = sample.value();
        measuredAt = sample.measuredAt();
        frame = frameId;
    }

    /** The reading of this datastream before this one. */
    RuleEvaluator.Seen before() {
        return new RuleEvaluator.Seen(stream.lastMeasured, stream.lastValue, stream.lastFrame);
    }

    RuleEvaluator.Seen seen() {
        return new RuleEvaluator.Seen(measuredAt, value, frame);
    }

    ZoneId zone() {
        return surroundings.zone();
    }

    /** With the eyes of this rule from now on. */
    ReadingScope as(RuleSlot of) {
        slot = of;
        return this;
    }

    Datastream stream() {
        return stream.stream;
    }

    double value() {
        return value;
    }

    long measuredAt() {
        return measuredAt;
    }

    @Override
    public double number(String name) {
        if (name.equals(slot.target.quantity().name())) {
            return value;
        }
        int parameter = slot.parameter(name);
        if (parameter >= 0) {
            return slot.number(parameter);
        }
        double clock = clock(name);
        if (!Double.isNaN(clock)) {
            return clock;
        }
        return attribute(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Override
    public Object value(String name) {
        if (name.equals(slot.target.quantity().name())) {
            return value;
        }
        int parameter = slot.parameter(name);
        if (parameter >= 0) {
            return slot.number(parameter);
        }
        double clock = clock(name);
        return Double.isNaN(clock) ? attribute(name) : (Object) clock;
    }

    private double clock(String name) {
        if (name.equals(HOUR)) {
            return local().toLocalTime().toSecondOfDay() / SECONDS_PER_HOUR;
        }
        return name.equals(WEEKDAY) ? local().getDayOfWeek().getValue() : Double.NaN;
    }

    private ZonedDateTime local() {
        return Micros.instant(measuredAt).atZone(surroundings.zone());
    }

    private Object attribute(String name) {
        return feature == null ? null : feature.properties().get(name);
    }

    @Override
    public GeoFeature featureOrNull() {
        return feature;
    }

    @Override
    public Coordinate positionOrNull() {
        return surroundings
                .devices()
                .get()
                .find(stream.stream.device())
                .map(device -> device.binding() instanceof Binding.At at ? coordinate(at.position()) : null)
                .orElse(null);
    }

    private static Coordinate coordinate(Position position) {
        return new Coordinate(position.lon(), position.lat());
    }

    @Override
    public Spatial spatial() {
        return surroundings.spatial();
    }

    /** What the rule sees in this reading, to be kept as its proof. */
    Finding.Proof proof() {
        Map<String, Object> seen = new TreeMap<>();
        seen.put(slot.target.quantity().name(), value);
        for (RuleParameter parameter : slot.target.parameters()) {
            seen.put(parameter.name(), slot.number(slot.parameter(parameter.name())));
            if (parameter.attribute() != null) {
                see(parameter.attribute(), seen);
            }
        }
        for (Condition condition : slot.rule.conditions()) {
            for (String name : condition.names()) {
                see(name, seen);
            }
        }
        return new Finding.Proof(OptionalDouble.of(value), frame, seen);
    }

    private void see(String name, Map<String, Object> seen) {
        Object what = value(name);
        if (what instanceof Number || what instanceof String || what instanceof Boolean) {
            seen.put(name, what);
        }
    }
}
