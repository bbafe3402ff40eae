package city.canopy.geo.crs;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.geotools.api.referencing.FactoryException;
import org.geotools.api.referencing.crs.CoordinateReferenceSystem;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.referencing.CRS;
import org.geotools.referencing.crs.DefaultGeographicCRS;

/**
 * The one place where coordinate systems are looked up. Here, and nowhere else, is decided that the first axis is the
 * easterly one (longitude or easting) and that a datum shift is never skipped. Thread-safe; a looked-up system is kept.
 */
public final class Crs {
    /** WGS 84, longitude first, degrees: what everything in Canopy is kept in. */
    public static final CoordinateReferenceSystem LON_LAT = DefaultGeographicCRS.WGS84;

    private static final ConcurrentMap<String, CoordinateReferenceSystem> KNOWN = new ConcurrentHashMap<>();

    private Crs() {}

    /**
     * The system of a code such as {@code EPSG:9213}. The first call opens the EPSG database and takes a second or two.
     *
     * @throws UnknownCrsException when there is no such code
     */
    public static CoordinateReferenceSystem get(String code) {
        Objects.requireNonNull(code, "code");
        CoordinateReferenceSystem known = KNOWN.get(code);
        if (known != null) {
            return known;
        }
        try {
            CoordinateReferenceSystem found = CRS.decode(code, true);
            KNOWN.put(code, found);
            return found;
        } catch (FactoryException e) {
            throw new UnknownCrsException(code, e);
        }
    }

    /**
     * The strict transform between two systems: where the parameters of a datum shift are unknown there is none.
     *
     * @throws UnknownCrsException when there is no exact way from one to the other
     */
    public static MathTransform transform(CoordinateReferenceSystem from, CoordinateReferenceSystem to) {
        try {
            return CRS.findMathTransform(from, to, false);
        } catch (FactoryException e) {
            throw new UnknownCrsException(from.getName() + " to " + to.getName(), e);
        }
    }
}
