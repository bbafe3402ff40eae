package city.canopy.geo.filter.cql2;

import java.util.List;
import org.locationtech.jts.geom.Geometry;

/** A filter as it was written, text or JSON alike, before anybody has asked what it means. */
sealed interface Term {
    /** Where it stands, for messages. */
    String place();

    /** @param name in lower case, as CQL2 JSON has it; {@code isnull} for IS NULL */
    record Op(String name, List<Term> args, String place) implements Term {}

    record Property(String name, String place) implements Term {}

    record Text(String value, String place) implements Term {}

    record Number(double value, String place) implements Term {}

    record Flag(boolean value, String place) implements Term {}

    /** A date or a moment that has not been read yet. */
    record Moment(String value, String place) implements Term {}

    /** @param start a moment, a property, or a text {@code ..} */
    record Interval(Term start, Term end, String place) implements Term {}

    /** In the system of the filter's coordinates. */
    record Shape(Geometry geometry, String place) implements Term {}

    /** A box in the system of the filter's coordinates; two where it goes over the antimeridian. */
    record Box(Geometry geometry, String place) implements Term {}

    record Items(List<Term> items, String place) implements Term {}
}
