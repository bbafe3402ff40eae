package city.canopy.geo.crs;

/** A coordinate system, or an exact way between two, that cannot be had. */
public final class UnknownCrsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownCrsException(String what, Throwable cause) {
        super("no coordinate system \"" + what + "\": give a code of the EPSG register such as EPSG:9213", cause);
    }
}
