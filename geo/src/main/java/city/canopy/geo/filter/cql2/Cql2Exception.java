package city.canopy.geo.filter.cql2;

/** A filter that cannot be used. The message names the place and says what may be written instead. */
public final class Cql2Exception extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param place such as {@code character 12} or {@code /args/0} */
    Cql2Exception(String place, String message) {
        super("at " + place + ": " + message);
    }
}
