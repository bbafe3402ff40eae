package city.canopy.geo.filter.cql2;

import city.canopy.geo.layer.GeoFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.geotools.api.feature.Property;
import org.geotools.api.feature.simple.SimpleFeature;
import org.geotools.api.filter.capability.FunctionName;
import org.geotools.api.filter.expression.Expression;
import org.geotools.api.filter.expression.ExpressionVisitor;
import org.geotools.api.filter.expression.InternalFunction;
import org.geotools.api.filter.expression.Literal;
import org.geotools.filter.capability.FunctionNameImpl;
import org.geotools.util.Converters;
import org.locationtech.jts.geom.Geometry;

/** A filter in CQL2 as a function of GeoTools, true or false for each feature. */
final class Cql2Function implements InternalFunction {
    private static final FunctionName NAME = new FunctionNameImpl("cql2", Boolean.class);

    private final Cql2Filter filter;

    Cql2Function(Cql2Filter filter) {
        this.filter = filter;
    }

    @Override
    public Object evaluate(Object object) {
        return object instanceof SimpleFeature feature
                && feature.getDefaultGeometry() instanceof Geometry geometry
                && filter.holds(new GeoFeature(
                        feature.getType().getTypeName(), feature.getID(), geometry, properties(feature), 1));
    }

    private static Map<String, Object> properties(SimpleFeature feature) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Property property : feature.getProperties()) {
            if (!(property.getValue() instanceof Geometry)) {
                properties.put(property.getName().getLocalPart(), property.getValue());
            }
        }
        return properties;
    }

    @Override
    public <T> T evaluate(Object object, Class<T> context) {
        return Converters.convert(evaluate(object), context);
    }

    @Override
    public String getName() {
        return NAME.getName();
    }

    @Override
    public FunctionName getFunctionName() {
        return NAME;
    }

    @Override
    public List<Expression> getParameters() {
        return List.of();
    }

    @Override
    public Literal getFallbackValue() {
        return null;
    }

    @Override
    public Object accept(ExpressionVisitor visitor, Object extraData) {
        return visitor.visit(this, extraData);
    }

    @Override
    public InternalFunction duplicate(Expression... parameters) {
        return this;
    }
}
