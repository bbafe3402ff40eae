package city.canopy.geo.filter;

import java.util.Set;

/**
 * A condition of a rule, written in ECQL and compiled once. Immutable; may be used by any number of threads.
 *
 * <p>Allowed: {@code = <> < <= > >=}, BETWEEN, IN, LIKE and ILIKE, IS NULL, AND, OR, NOT, {@code + - * /}, the functions
 * abs, floor, ceil, min, max, strLength, strToLowerCase, strToUpperCase and strTrim, and the spatial terms INTERSECTS,
 * DISJOINT, WITHIN, CONTAINS, DWITHIN, BEYOND and BBOX with {@code geometry} first and then a geometry in lon/lat or
 * {@code layer('name')} or {@code layer('name', 'condition on its features')}. Distances are true metres, measured in the
 * working plane, whatever unit they are written in. Names that are not plain ASCII words stand in double quotes.
 *
 * <p>A missing value makes a comparison unknown, as in SQL: NOT of unknown is unknown, AND and OR follow, and a condition
 * that is unknown as a whole does not hold. The same goes for values of different kinds (a text against a number), for a
 * division by zero, and for a spatial term without a place or on a layer that is not there. Nothing is converted: the
 * text '5' is no number.
 */
public final class Condition {
    /** The longest text, in characters. */
    public static final int MAX_LENGTH = 4_000;

    /** The deepest nesting, of parentheses and of what they mean. */
    public static final int MAX_DEPTH = 50;

    /** The name by which spatial terms call the place: the feature's geometry, else the reading's position. */
    public static final String GEOMETRY = "geometry";

    private final String text;
    private final Predicate root;
    private final Set<String> names;
    private final Set<String> layers;
    private final boolean spatial;

    Condition(String text, Predicate root, Set<String> names, Set<String> layers, boolean spatial) {
        this.text = text;
        this.root = root;
        this.names = Set.copyOf(names);
        this.layers = Set.copyOf(layers);
        this.spatial = spatial;
    }

    /**
     * Reads a condition. The first call in a process takes about a second, while GeoTools collects its functions.
     *
     * @throws ConditionException when it cannot be read, or asks for something that is not allowed
     */
    public static Condition parse(String ecql) throws ConditionException {
        return new ConditionReader(ecql).read();
    }

    /** Whether it holds; false when it is not known. Never throws on account of the values. */
    public boolean holds(Scope scope) {
        return root.test(scope) == Truth.TRUE;
    }

    /** The names of the values that it looks at, without {@link #GEOMETRY}; those of other layers' features left out. */
    public Set<String> names() {
        return names;
    }

    /** The layers that its spatial terms look at: to be checked once, where the condition is taken in. */
    public Set<String> layers() {
        return layers;
    }

    /** Whether it needs a place. */
    public boolean spatial() {
        return spatial;
    }

    /** The text that it was read from. */
    public String text() {
        return text;
    }

    /** The same as {@link #text()}. */
    @Override
    public String toString() {
        return text;
    }

    /** Conditions of the same text are the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Condition that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
