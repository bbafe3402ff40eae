package city.canopy.geo.filter;

import java.util.ArrayList;
import java.util.List;
import org.geotools.api.filter.capability.FunctionName;
import org.geotools.api.filter.expression.Expression;
import org.geotools.api.filter.expression.ExpressionVisitor;
import org.geotools.api.filter.expression.Function;
import org.geotools.api.filter.expression.Literal;
import org.geotools.filter.capability.FunctionNameImpl;
import org.locationtech.jts.geom.Geometry;

/** {@code layer('name'[, 'condition'])} as it stands in a parsed filter; it is compiled away before anything is judged. */
final class LayerFunction implements Function {
    static final FunctionName NAME = new FunctionNameImpl(
            "layer",
            FunctionNameImpl.parameter("features", Geometry.class),
            FunctionNameImpl.parameter("name", String.class),
            FunctionNameImpl.parameter("condition", String.class, 0, 1));

    private final List<Expression> parameters;
    private final Literal fallback;

    LayerFunction(List<Expression> parameters, Literal fallback) {
        this.parameters = List.copyOf(parameters);
        this.fallback = fallback;
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
        return new ArrayList<>(parameters);
    }

    @Override
    public Literal getFallbackValue() {
        return fallback;
    }

    @Override
    public Object accept(ExpressionVisitor visitor, Object extraData) {
        return visitor.visit(this, extraData);
    }

    /** @throws UnsupportedOperationException always: GeoTools itself does not know the layers */
    @Override
    public Object evaluate(Object object) {
        throw new UnsupportedOperationException("layer(…) is judged by Condition and by CanopyDataStore only");
    }

    @Override
    public <T> T evaluate(Object object, Class<T> context) {
        throw new UnsupportedOperationException("layer(…) is judged by Condition and by CanopyDataStore only");
    }
}
