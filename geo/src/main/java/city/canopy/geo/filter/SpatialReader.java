package city.canopy.geo.filter;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.geotools.api.filter.expression.Expression;
import org.geotools.api.filter.expression.Literal;
import org.geotools.api.filter.expression.PropertyName;
import org.geotools.api.filter.spatial.BBOX;
import org.geotools.api.filter.spatial.Beyond;
import org.geotools.api.filter.spatial.BinarySpatialOperator;
import org.geotools.api.filter.spatial.Contains;
import org.geotools.api.filter.spatial.DWithin;
import org.geotools.api.filter.spatial.Disjoint;
import org.geotools.api.filter.spatial.DistanceBufferOperator;
import org.geotools.api.filter.spatial.Intersects;
import org.geotools.api.filter.spatial.Within;
import org.geotools.api.geometry.BoundingBox;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** Turns the spatial terms of a parsed filter into ours, and notes the layers that they use. */
final class SpatialReader {
    private static final Pattern LAYER_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Map<String, Double> METERS_PER_UNIT = Map.of(
            "meters",
            1.0,
            "m",
            1.0,
            "kilometers",
            1000.0,
            "km",
            1000.0,
            "feet",
            0.3048,
            "statute miles",
            1609.344,
            "nautical miles",
            1852.0);

    private final ConditionReader.Places places;
    private final Set<String> layers = new LinkedHashSet<>();
    private boolean any;

    SpatialReader(ConditionReader.Places places) {
        this.places = places;
    }

    Set<String> layers() {
        return layers;
    }

    boolean any() {
        return any;
    }

    SpatialTerm read(BinarySpatialOperator operator) throws ConditionException {
        any = true;
        SpatialTerm.Relation relation = relation(operator);
        if (!(operator.getExpression1() instanceof PropertyName property)
                || !(property.getPropertyName().equals(Condition.GEOMETRY)
                        || property.getPropertyName().isEmpty())) {
            throw new ConditionException(
                    "a spatial term begins with the word geometry: write " + relation + "(geometry, layer('zones'))",
                    places.positionOf(relation.name()));
        }
        SpatialTerm.Target target =
                operator instanceof BBOX box ? target(box) : target(operator.getExpression2(), relation);
        return new SpatialTerm(relation, target, operator instanceof DistanceBufferOperator d ? meters(d) : 0);
    }

    private SpatialTerm.Relation relation(BinarySpatialOperator operator) throws ConditionException {
        if (operator instanceof Intersects || operator instanceof BBOX) {
            return SpatialTerm.Relation.INTERSECTS;
        } else if (operator instanceof Disjoint) {
            return SpatialTerm.Relation.DISJOINT;
        } else if (operator instanceof Within) {
            return SpatialTerm.Relation.WITHIN;
        } else if (operator instanceof Contains) {
            return SpatialTerm.Relation.CONTAINS;
        } else if (operator instanceof DWithin) {
            return SpatialTerm.Relation.DWITHIN;
        } else if (operator instanceof Beyond) {
            return SpatialTerm.Relation.BEYOND;
        }
        throw new ConditionException(
                "this spatial term is not allowed: use INTERSECTS, DISJOINT, WITHIN, CONTAINS, DWITHIN, BEYOND or BBOX",
                0);
    }

    private double meters(DistanceBufferOperator operator) throws ConditionException {
        String unit = String.valueOf(operator.getDistanceUnits()).toLowerCase(Locale.ROOT);
        Double factor = METERS_PER_UNIT.get(unit);
        double meters = factor == null ? Double.NaN : operator.getDistance() * factor;
        if (!(meters >= 0 && meters <= SpatialTerm.MAX_METERS)) {
            throw new ConditionException(
                    "a distance must be 0 to " + (int) SpatialTerm.MAX_METERS + " metres: write for instance"
                            + " DWITHIN(geometry, layer('roads'), 50, meters)",
                    0);
        }
        return meters;
    }

    private SpatialTerm.Target target(Expression expression, SpatialTerm.Relation relation) throws ConditionException {
        if (expression instanceof Literal literal && literal.getValue() instanceof Geometry geometry) {
            check(geometry);
            return new SpatialTerm.Literal(geometry);
        }
        if (expression instanceof LayerFunction layer) {
            return target(layer);
        }
        throw new ConditionException(
                relation
                        + " needs a geometry in lon/lat such as POINT(105.85 21.47), or layer('name'), as its second part",
                places.positionOf(relation.name()));
    }

    private SpatialTerm.Target target(BBOX box) throws ConditionException {
        BoundingBox bounds = box.getBounds();
        Envelope envelope = new Envelope(bounds.getMinX(), bounds.getMaxX(), bounds.getMinY(), bounds.getMaxY());
        Geometry geometry = new GeometryFactory().toGeometry(envelope);
        check(geometry);
        return new SpatialTerm.Literal(geometry);
    }

    private SpatialTerm.Target target(LayerFunction call) throws ConditionException {
        List<Expression> arguments = call.getParameters();
        int position = places.positionOf("layer");
        if (arguments.isEmpty() || arguments.size() > 2) {
            throw new ConditionException("write layer('name') or layer('name', 'condition')", position);
        }
        String name = text(arguments.get(0), position);
        if (!LAYER_NAME.matcher(name).matches()) {
            throw new ConditionException(
                    "\"" + name + "\" is no name of a layer: small letters, digits and _ only, a letter first",
                    position);
        }
        Optional<Condition> which = arguments.size() == 1
                ? Optional.empty()
                : Optional.of(inner(text(arguments.get(1), position), position));
        layers.add(name);
        return new SpatialTerm.OfLayer(name, which);
    }

    private static String text(Expression expression, int position) throws ConditionException {
        if (expression instanceof Literal literal && literal.getValue() instanceof String text) {
            return text;
        }
        throw new ConditionException(
                "the arguments of layer(…) are texts in single quotes: layer('zones', 'kind = ''school''')", position);
    }

    private static Condition inner(String text, int position) throws ConditionException {
        Condition condition;
        try {
            condition = Condition.parse(text);
        } catch (ConditionException e) {
            throw new ConditionException("in the condition inside layer(…): " + e.getMessage(), position);
        }
        if (condition.spatial()) {
            throw new ConditionException(
                    "the condition inside layer(…) must not be spatial itself: compare attributes only", position);
        }
        return condition;
    }

    private void check(Geometry geometry) throws ConditionException {
        if (geometry.getSRID() != 0 || geometry.getUserData() != null) {
            throw new ConditionException("leave SRID away: geometries are in lon/lat", places.positionOf("SRID"));
        }
        for (Coordinate c : geometry.getCoordinates()) {
            if (!(Math.abs(c.x) <= 180 && Math.abs(c.y) <= 90)) {
                throw new ConditionException(
                        c.x + " " + c.y + " is no place: write the longitude first, then the latitude, in degrees", 0);
            }
        }
        if (geometry.isEmpty() || !geometry.isValid()) {
            throw new ConditionException(
                    "the geometry is empty or crosses itself: write a valid one",
                    places.positionOf(geometry.getGeometryType()));
        }
    }
}
