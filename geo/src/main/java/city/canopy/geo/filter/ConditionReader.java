package city.canopy.geo.filter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.geotools.api.filter.And;
import org.geotools.api.filter.BinaryComparisonOperator;
import org.geotools.api.filter.BinaryLogicOperator;
import org.geotools.api.filter.ExcludeFilter;
import org.geotools.api.filter.Filter;
import org.geotools.api.filter.Id;
import org.geotools.api.filter.IncludeFilter;
import org.geotools.api.filter.Not;
import org.geotools.api.filter.Or;
import org.geotools.api.filter.PropertyIsBetween;
import org.geotools.api.filter.PropertyIsEqualTo;
import org.geotools.api.filter.PropertyIsGreaterThan;
import org.geotools.api.filter.PropertyIsGreaterThanOrEqualTo;
import org.geotools.api.filter.PropertyIsLessThan;
import org.geotools.api.filter.PropertyIsLessThanOrEqualTo;
import org.geotools.api.filter.PropertyIsLike;
import org.geotools.api.filter.PropertyIsNull;
import org.geotools.api.filter.spatial.BinarySpatialOperator;
import org.geotools.filter.text.cql2.CQLException;
import org.geotools.filter.text.ecql.ECQL;
import org.geotools.filter.text.generated.parsers.TokenMgrError;

/** Turns the text of one condition into its compiled form. Used once, by one thread. */
final class ConditionReader {
    private static final Pattern COLUMN = Pattern.compile("at line (\\d+), column (\\d+)");
    private static final String ALLOWED =
            "allowed are comparisons, BETWEEN, IN, LIKE, IS NULL, AND, OR, NOT and the spatial"
                    + " terms INTERSECTS, DISJOINT, WITHIN, CONTAINS, DWITHIN, BEYOND and BBOX";

    private final String text;
    private final OperandReader operands;
    private final SpatialReader places = new SpatialReader(this::positionOf);
    private final Set<String> names = new LinkedHashSet<>();

    ConditionReader(String text) {
        this.text = text;
        this.operands = new OperandReader(names, this::positionOf);
    }

    Condition read() throws ConditionException {
        checkSize();
        Filter filter = parse();
        Predicate root = compile(filter, 1);
        return new Condition(text, root, names, places.layers(), places.any());
    }

    private void checkSize() throws ConditionException {
        if (text == null || text.isBlank()) {
            throw new ConditionException("the condition is empty: write one such as fill_level >= 80", 0);
        }
        if (text.length() > Condition.MAX_LENGTH) {
            throw new ConditionException(
                    "the condition has " + text.length() + " characters, at most " + Condition.MAX_LENGTH
                            + " are allowed: split the rule",
                    0);
        }
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[') {
                if (++depth > Condition.MAX_DEPTH) {
                    throw tooDeep(i + 1);
                }
            } else if (c == ')' || c == ']') {
                depth--;
            }
        }
    }

    private Filter parse() throws ConditionException {
        try {
            return ECQL.toFilter(text);
        } catch (CQLException e) {
            throw unreadable(e);
        } catch (RuntimeException | AssertionError | TokenMgrError e) {
            // The parser lets what its literals throw go through, for instance for a number of 20 digits,
            // and its own assertions and its lexer's errors.
            throw new ConditionException(
                    "cannot be read: check that its numbers are not too long and its geometries complete", 0);
        }
    }

    private ConditionException unreadable(CQLException e) {
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("Function not found")) {
            return OperandReader.notAllowed("a function in it is not known or has the wrong number of arguments", 0);
        }
        Matcher place = COLUMN.matcher(message);
        int position = place.find() ? position(Integer.parseInt(place.group(1)), Integer.parseInt(place.group(2))) : 0;
        String near = position > 0 && position <= text.length()
                ? "\"" + text.substring(position - 1, Math.min(text.length(), position + 19)) + "\""
                : "the end";
        return new ConditionException(
                "cannot be read near " + near + ": write for instance fill_level >= 80 AND kind = 'bin'; " + ALLOWED
                        + "; names with other than plain letters stand in double quotes",
                position);
    }

    private int position(int line, int column) {
        int start = 0;
        for (int l = 1; l < line; l++) {
            start = text.indexOf('\n', start) + 1;
        }
        return start + Math.max(1, column);
    }

    private int positionOf(String part) {
        return text.toLowerCase(Locale.ROOT).indexOf(part.toLowerCase(Locale.ROOT)) + 1;
    }

    private static ConditionException tooDeep(int position) {
        return new ConditionException(
                "nested deeper than " + Condition.MAX_DEPTH + " levels: split the rule, or use fewer parentheses",
                position);
    }

    private Predicate compile(Filter filter, int depth) throws ConditionException {
        if (depth > Condition.MAX_DEPTH) {
            throw tooDeep(0);
        }
        if (filter instanceof And and) {
            return new Predicate.All(compileAll(flat(and, And.class), depth + 1));
        } else if (filter instanceof Or or) {
            return new Predicate.Any(compileAll(flat(or, Or.class), depth + 1));
        } else if (filter instanceof Not not) {
            return new Predicate.Not(compile(not.getFilter(), depth + 1));
        } else if (filter instanceof PropertyIsBetween between) {
            return compile(between);
        } else if (filter instanceof PropertyIsLike like) {
            return new Predicate.Like(
                    operands.read(like.getExpression()), new LikePattern(like.getLiteral(), like.isMatchingCase()));
        } else if (filter instanceof PropertyIsNull missing) {
            return new Predicate.Missing(operands.read(missing.getExpression()));
        } else if (filter instanceof BinaryComparisonOperator comparison) {
            return compile(comparison);
        } else if (filter instanceof BinarySpatialOperator spatial) {
            return new Predicate.Placed(places.read(spatial));
        } else if (filter instanceof Id id) {
            return new Predicate.HasId(
                    id.getIDs().stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet()));
        } else if (filter instanceof IncludeFilter) {
            return new Predicate.Fixed(Truth.TRUE);
        } else if (filter instanceof ExcludeFilter) {
            return new Predicate.Fixed(Truth.FALSE);
        }
        throw new ConditionException(
                "a " + filter.getClass().getSimpleName().replace("Impl", "") + " is not allowed: " + ALLOWED, 0);
    }

    private List<Predicate> compileAll(List<Filter> filters, int depth) throws ConditionException {
        List<Predicate> compiled = new ArrayList<>(filters.size());
        for (Filter filter : filters) {
            compiled.add(compile(filter, depth));
        }
        return compiled;
    }

    /** The parser nests a AND b AND c to the left; a long list of terms is not deep. */
    private static List<Filter> flat(BinaryLogicOperator top, Class<? extends BinaryLogicOperator> kind) {
        List<Filter> parts = new ArrayList<>();
        Deque<Filter> open = new ArrayDeque<>();
        open.push(top);
        while (!open.isEmpty()) {
            Filter next = open.pop();
            if (kind.isInstance(next)) {
                List<Filter> children = new ArrayList<>(kind.cast(next).getChildren());
                Collections.reverse(children);
                children.forEach(open::push);
            } else {
                parts.add(next);
            }
        }
        return parts;
    }

    private Predicate compile(PropertyIsBetween between) throws ConditionException {
        Operand value = operands.read(between.getExpression());
        return new Predicate.All(List.of(
                compare(value, Predicate.Relation.GREATER_OR_EQUAL, operands.read(between.getLowerBoundary()), true),
                compare(value, Predicate.Relation.LESS_OR_EQUAL, operands.read(between.getUpperBoundary()), true)));
    }

    private Predicate compile(BinaryComparisonOperator comparison) throws ConditionException {
        Operand left = operands.read(comparison.getExpression1());
        Operand right = operands.read(comparison.getExpression2());
        return compare(left, relation(comparison), right, comparison.isMatchingCase());
    }

    private static Predicate.Relation relation(BinaryComparisonOperator comparison) throws ConditionException {
        if (comparison instanceof PropertyIsEqualTo) {
            return Predicate.Relation.EQUAL;
        } else if (comparison instanceof PropertyIsLessThan) {
            return Predicate.Relation.LESS;
        } else if (comparison instanceof PropertyIsLessThanOrEqualTo) {
            return Predicate.Relation.LESS_OR_EQUAL;
        } else if (comparison instanceof PropertyIsGreaterThan) {
            return Predicate.Relation.GREATER;
        } else if (comparison instanceof PropertyIsGreaterThanOrEqualTo) {
            return Predicate.Relation.GREATER_OR_EQUAL;
        }
        throw new ConditionException("times cannot be compared: " + ALLOWED, 0);
    }

    private static Predicate compare(Operand left, Predicate.Relation relation, Operand right, boolean matchCase) {
        return left.alwaysNumber() || right.alwaysNumber()
                ? new Predicate.OfNumbers(left, relation, right)
                : new Predicate.OfAnything(left, relation, right, matchCase);
    }

    /** Says where in the text something stands, counted from 1; 0 when it cannot be found. */
    interface Places {
        int positionOf(String part);
    }
}
