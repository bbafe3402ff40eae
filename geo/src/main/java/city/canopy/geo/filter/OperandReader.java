package city.canopy.geo.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.geotools.api.filter.expression.Add;
import org.geotools.api.filter.expression.BinaryExpression;
import org.geotools.api.filter.expression.Divide;
import org.geotools.api.filter.expression.Expression;
import org.geotools.api.filter.expression.Literal;
import org.geotools.api.filter.expression.Multiply;
import org.geotools.api.filter.expression.PropertyName;
import org.geotools.api.filter.expression.Subtract;

/** Turns the expressions of a parsed filter into operands, and notes the names that they use. */
final class OperandReader {
    private final Set<String> names;
    private final ConditionReader.Places places;

    OperandReader(Set<String> names, ConditionReader.Places places) {
        this.names = names;
        this.places = places;
    }

    Operand read(Expression expression) throws ConditionException {
        return read(expression, 1);
    }

    private Operand read(Expression expression, int depth) throws ConditionException {
        if (depth > Condition.MAX_DEPTH) {
            throw new ConditionException(
                    "a calculation is nested deeper than " + Condition.MAX_DEPTH + " levels: simplify it", 0);
        }
        if (expression instanceof PropertyName property) {
            return read(property);
        } else if (expression instanceof Literal literal) {
            return read(literal);
        } else if (expression instanceof BinaryExpression calculation) {
            return new Operand.Arithmetic(
                    read(calculation.getExpression1(), depth + 1),
                    sign(calculation),
                    read(calculation.getExpression2(), depth + 1));
        } else if (expression instanceof org.geotools.api.filter.expression.Function call) {
            return read(call, depth);
        }
        throw notAllowed("an expression of this kind is not allowed", 0);
    }

    private Operand read(PropertyName property) throws ConditionException {
        // The parser writes the dot of a.b as a slash.
        String name = property.getPropertyName().replace('/', '.');
        if (name.equals(Condition.GEOMETRY)) {
            throw new ConditionException(
                    "geometry has no value to compare: use it in a spatial term such as WITHIN(geometry, layer('zones'))",
                    places.positionOf(name));
        }
        names.add(name);
        return new Operand.Named(name);
    }

    private Operand read(Literal literal) throws ConditionException {
        Object value = literal.getValue();
        if (value instanceof Number number) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new ConditionException("a number in it is too large: use at most 1e308", 0);
            }
            return new Operand.NumberLiteral(number.doubleValue());
        } else if (value instanceof String || value instanceof Boolean) {
            return new Operand.OtherLiteral(value);
        }
        throw new ConditionException(
                "a time or a geometry cannot be compared: compare numbers, texts in single quotes, true and false", 0);
    }

    private static char sign(BinaryExpression calculation) throws ConditionException {
        if (calculation instanceof Add) {
            return '+';
        } else if (calculation instanceof Subtract) {
            return '-';
        } else if (calculation instanceof Multiply) {
            return '*';
        } else if (calculation instanceof Divide) {
            return '/';
        }
        throw notAllowed("a calculation of this kind is not allowed", 0);
    }

    private Operand read(org.geotools.api.filter.expression.Function call, int depth) throws ConditionException {
        for (Operand.Function function : Operand.Function.values()) {
            if (function.ecqlName().equalsIgnoreCase(call.getName())
                    && function.arguments() == call.getParameters().size()) {
                List<Operand> arguments = new ArrayList<>();
                for (Expression argument : call.getParameters()) {
                    arguments.add(read(argument, depth + 1));
                }
                return new Operand.Call(function, List.copyOf(arguments));
            }
        }
        if (LayerFunction.NAME.getName().equalsIgnoreCase(call.getName())) {
            throw new ConditionException(
                    "layer(…) has no value: use it in a spatial term such as WITHIN(geometry, layer('zones'))",
                    places.positionOf(call.getName()));
        }
        throw notAllowed("the function " + call.getName() + " is not allowed", places.positionOf(call.getName()));
    }

    static ConditionException notAllowed(String what, int position) {
        String functions = Arrays.stream(Operand.Function.values())
                .map(function -> function.ecqlName() + "/" + function.arguments())
                .collect(Collectors.joining(", "));
        return new ConditionException(
                what + ": allowed are + - * / and the functions (name/number of arguments) " + functions
                        + ", and layer/1 or layer/2 in spatial terms",
                position);
    }
}
