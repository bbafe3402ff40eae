package city.canopy.geo.filter;

import java.util.List;
import org.geotools.api.feature.type.Name;
import org.geotools.api.filter.capability.FunctionName;
import org.geotools.api.filter.expression.Expression;
import org.geotools.api.filter.expression.Function;
import org.geotools.api.filter.expression.Literal;
import org.geotools.feature.NameImpl;
import org.geotools.filter.FunctionFactory;

/** Makes {@code layer('name'[, 'condition'])} known to the ECQL parser of GeoTools, which finds it as a service. */
public final class LayerFunctionFactory implements FunctionFactory {
    /** Found by the service loader. */
    public LayerFunctionFactory() {}

    @Override
    public List<FunctionName> getFunctionNames() {
        return List.of(LayerFunction.NAME);
    }

    @Override
    public Function function(String name, List<Expression> args, Literal fallback) {
        return function(new NameImpl(name), args, fallback);
    }

    @Override
    public Function function(Name name, List<Expression> args, Literal fallback) {
        if (!LayerFunction.NAME.getName().equalsIgnoreCase(name.getLocalPart())) {
            return null;
        }
        return new LayerFunction(args, fallback);
    }
}
