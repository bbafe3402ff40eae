package city.canopy.geo.filter.cql2;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Value.Kind;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSchema;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** Compiles terms that have a value. For one filter. */
final class Values {
    /** The name by which a feature's own place is called. */
    static final String GEOMETRY = "geometry";

    /** The name by which a feature's id is called, where it has no property of this name. */
    static final String ID = "id";

    /** The highest latitude. */
    private static final double POLE = 90;

    /** The highest latitude of a box: a map may show more than the whole Earth. Metres taken for degrees are above it. */
    private static final double BEYOND_POLE = 180;

    /** Letters whose stroke is no mark to Unicode, and what they are without it. */
    private static final String STROKED = "đĐøØłŁħĦŧŦ";

    private static final String PLAIN = "dDoOlLhHtT";

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private final Map<String, LayerSchema.Kind> properties;
    private final ServedCrs crs;
    private final ZoneId zone;

    Values(Map<String, LayerSchema.Kind> properties, ServedCrs crs, ZoneId zone) {
        this.properties = properties;
        this.crs = crs;
        this.zone = zone;
    }

    Value compile(Term term) throws Cql2Exception {
        if (term instanceof Term.Text text) {
            return Value.constant(Kind.TEXT, text.value());
        } else if (term instanceof Term.Number number) {
            return Value.constant(Kind.NUMBER, number.value());
        } else if (term instanceof Term.Flag flag) {
            return Value.constant(Kind.FLAG, flag.value());
        } else if (term instanceof Term.Moment moment) {
            return Value.constant(Kind.TIME, Span.at(moment(moment.value(), moment.place())));
        } else if (term instanceof Term.Interval interval) {
            return interval(interval);
        } else if (term instanceof Term.Shape shape) {
            return shape(shape);
        } else if (term instanceof Term.Box box) {
            return box(box);
        } else if (term instanceof Term.Property property) {
            return property(property);
        } else if (term instanceof Term.Op op) {
            return operation(op);
        }
        throw new Cql2Exception(term.place(), "a list stands only after IN");
    }

    private Value shape(Term.Shape shape) throws Cql2Exception {
        try {
            return onEarth(crs.toLonLat(shape.geometry()), POLE, shape.place());
        } catch (IllegalArgumentException e) {
            throw misfit(shape.place());
        }
    }

    /** In another system than lon/lat it is what the parameter {@code bbox} makes of it, so that both find the same. */
    private Value box(Term.Box box) throws Cql2Exception {
        if (crs.isLonLat()) {
            return onEarth(box.geometry(), BEYOND_POLE, box.place());
        }
        if (box.geometry().getNumGeometries() > 1) {
            throw Shapes.upsideDown(box.place());
        }
        try {
            Geometry around =
                    new GeometryFactory().toGeometry(crs.toLonLat(box.geometry().getEnvelopeInternal()));
            return onEarth(around, BEYOND_POLE, box.place());
        } catch (IllegalArgumentException e) {
            throw misfit(box.place());
        }
    }

    private static Value onEarth(Geometry lonLat, double north, String place) throws Cql2Exception {
        Envelope box = lonLat.getEnvelopeInternal();
        boolean there = box.isNull()
                || box.getMinX() >= -360 && box.getMaxX() <= 360 && box.getMinY() >= -north && box.getMaxY() <= north;
        if (!there) {
            throw misfit(place);
        }
        return Value.constant(Kind.SHAPE, lonLat);
    }

    private static Cql2Exception misfit(String place) {
        return new Cql2Exception(place, "this geometry does not fit the system of filter-crs");
    }

    private Value property(Term.Property property) throws Cql2Exception {
        String name = property.name();
        LayerSchema.Kind kind = properties.get(name);
        if (kind == null && name.equals(GEOMETRY)) {
            return new Value(Kind.SHAPE, name, false, GeoFeature::geometry);
        }
        if (kind == null && name.equals(ID)) {
            return new Value(Kind.TEXT, name, false, GeoFeature::id);
        }
        if (kind == null) {
            throw new Cql2Exception(
                    property.place(),
                    "there is no property \"" + name + "\"; there are: geometry, "
                            + String.join(", ", properties.keySet()));
        }
        return switch (kind) {
            case TEXT ->
                new Value(Kind.TEXT, name, false, feature -> {
                    Object value = feature.properties().get(name);
                    return value == null ? null : value.toString();
                });
            case NUMBER, WHOLE ->
                new Value(
                        Kind.NUMBER,
                        name,
                        false,
                        feature ->
                                feature.properties().get(name) instanceof Number number ? number.doubleValue() : null);
            case BOOLEAN ->
                new Value(
                        Kind.FLAG,
                        name,
                        false,
                        feature -> feature.properties().get(name) instanceof Boolean flag ? flag : null);
        };
    }

    private Value interval(Term.Interval interval) throws Cql2Exception {
        Value start = end(interval.start(), Instant.MIN);
        Value end = end(interval.end(), Instant.MAX);
        Value both = new Value(Kind.TIME, null, start.constant() && end.constant(), feature -> {
            Object from = start.of().apply(feature);
            Object to = end.of().apply(feature);
            return from == null || to == null ? null : new Span(((Span) from).start(), ((Span) to).end());
        });
        if (both.constant()) {
            Span span = (Span) both.constantValue();
            if (span.start().isAfter(span.end())) {
                throw new Cql2Exception(interval.place(), "the interval ends before it begins");
            }
        }
        return both;
    }

    private Value end(Term term, Instant open) throws Cql2Exception {
        if (term instanceof Term.Text text) {
            Instant at =
                    text.value().equals("..") || text.value().isEmpty() ? open : moment(text.value(), text.place());
            return Value.constant(Kind.TIME, Span.at(at));
        }
        return asTime(compile(term), term.place());
    }

    private Instant moment(String text, String place) throws Cql2Exception {
        return Span.parse(text, zone)
                .orElseThrow(() -> new Cql2Exception(
                        place,
                        "\"" + text
                                + "\" is neither a date such as 2025-07-01 nor a moment such as 2025-07-01T00:00:00Z"));
    }

    /** A text property read as a date or a moment; where it holds another text it has no value. */
    Value asTime(Value value, String place) throws Cql2Exception {
        if (value.kind() == Kind.TIME) {
            return value;
        }
        if (value.kind() != Kind.TEXT || value.constant()) {
            throw new Cql2Exception(
                    place,
                    "expected is a time, such as DATE('2025-07-01'), not "
                            + value.kind().words());
        }
        return new Value(Kind.TIME, value.property(), false, feature -> {
            Object text = value.of().apply(feature);
            return text == null
                    ? null
                    : Span.parse(text.toString(), zone).map(Span::at).orElse(null);
        });
    }

    private Value operation(Term.Op op) throws Cql2Exception {
        return switch (op.name()) {
            case "casei" -> text(op, Values::folded);
            case "accenti" -> text(op, Values::withoutAccents);
            case "+" -> arithmetic(op, (a, b) -> a + b);
            case "-" -> arithmetic(op, (a, b) -> a - b);
            case "*" -> arithmetic(op, (a, b) -> a * b);
            case "/" -> arithmetic(op, (a, b) -> a / b);
            case "%" -> arithmetic(op, (a, b) -> a % b);
            case "^" -> arithmetic(op, Math::pow);
            case "div" -> arithmetic(op, (a, b) -> truncated(a / b));
            default -> condition(op);
        };
    }

    /** A condition as a value: true, false, or none where it is unknown. */
    private Value condition(Term.Op op) throws Cql2Exception {
        if (!Checks.isCondition(op.name())) {
            throw new Cql2Exception(
                    op.place(), "\"" + op.name() + "\" has no value here; the functions are CASEI and ACCENTI");
        }
        Check check = new Checks(this).compile(op);
        return new Value(Kind.FLAG, null, false, feature -> switch (check.of().apply(feature)) {
            case TRUE -> true;
            case FALSE -> false;
            case UNKNOWN -> null;
        });
    }

    private static double truncated(double quotient) {
        return quotient < 0 ? Math.ceil(quotient) : Math.floor(quotient);
    }

    private Value text(Term.Op op, UnaryOperator<String> change) throws Cql2Exception {
        Value value = arguments(op, 1).get(0);
        expect(value, Kind.TEXT, op.args().get(0).place());
        return new Value(Kind.TEXT, null, value.constant(), feature -> {
            Object text = value.of().apply(feature);
            return text == null ? null : change.apply(text.toString());
        });
    }

    private static String folded(String text) {
        return Normalizer.normalize(text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    private static String withoutAccents(String text) {
        StringBuilder bare = new StringBuilder(
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll(""));
        for (int i = 0; i < bare.length(); i++) {
            int letter = STROKED.indexOf(bare.charAt(i));
            if (letter >= 0) {
                bare.setCharAt(i, PLAIN.charAt(letter));
            }
        }
        return bare.toString();
    }

    private Value arithmetic(Term.Op op, DoubleBinaryOperator operator) throws Cql2Exception {
        List<Value> both = arguments(op, 2);
        Value left = expect(both.get(0), Kind.NUMBER, op.args().get(0).place());
        Value right = expect(both.get(1), Kind.NUMBER, op.args().get(1).place());
        return new Value(Kind.NUMBER, null, left.constant() && right.constant(), feature -> {
            Object a = left.of().apply(feature);
            Object b = right.of().apply(feature);
            double result = a == null || b == null ? Double.NaN : operator.applyAsDouble((Double) a, (Double) b);
            return Double.isFinite(result) ? result : null;
        });
    }

    /** Whether features have a property {@value #ID} that hides their id. */
    boolean hasOwnId() {
        return properties.containsKey(ID);
    }

    List<Value> arguments(Term.Op op, int count) throws Cql2Exception {
        if (op.args().size() != count) {
            throw new Cql2Exception(
                    op.place(),
                    "\"" + op.name() + "\" takes " + count + " arguments, not "
                            + op.args().size());
        }
        List<Value> values = new ArrayList<>();
        for (Term argument : op.args()) {
            values.add(compile(argument));
        }
        return values;
    }

    static Value expect(Value value, Kind kind, String place) throws Cql2Exception {
        if (value.kind() != kind) {
            throw new Cql2Exception(
                    place,
                    "expected is " + kind.words() + ", not " + value.kind().words());
        }
        return value;
    }
}
