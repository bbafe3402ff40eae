package city.canopy.geo.crs;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.geotools.api.referencing.FactoryException;
import org.geotools.api.referencing.crs.CoordinateReferenceSystem;
import org.geotools.api.referencing.crs.GeographicCRS;
import org.geotools.api.referencing.crs.ProjectedCRS;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.referencing.CRS;
import org.geotools.referencing.crs.DefaultGeographicCRS;
import org.geotools.referencing.crs.DefaultProjectedCRS;

/**
 * The one place where coordinate systems are looked up. Here, and nowhere else, is decided that the first axis is the
 * easterly one (longitude or easting) and that a datum shift is never skipped. Thread-safe; a looked-up system is kept.
 */
public final class Crs {
    /** WGS 84, longitude first, degrees: what everything in Canopy is kept in. */
    public static final CoordinateReferenceSystem LON_LAT = DefaultGeographicCRS.WGS84;

    private static final Pattern CODE = Pattern.compile("(?i)EPSG:[0-9]{4,6}");
    /**
     * Operation 6960 of the EPSG register, the parameters that Vietnam's ministry published in 2007: metres, arc seconds and
     * parts per million. The register gives the rotations by coordinate frame, well-known text wants them by position
     * vector, with the other sign.
     */
    private static final String VN_2000_SHIFT =
            ",TOWGS84[-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278]";

    private static final Pattern VN_2000_DATUM = Pattern.compile(
            "DATUM\\[\"[^\"]*(VN|Vietnam|Viet_Nam)[_ -]?2000[^\"]*\",\\s*SPHEROID\\[[^\\[\\]]*]",
            Pattern.CASE_INSENSITIVE);

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
     * The system of a code, or of well-known text as it stands in a {@code .prj} file. ESRI writes that without the shift
     * between datums: for VN-2000 it is put in (the seven parameters of the EPSG register), for others the register is
     * asked for the same system, or for the one of the same datum that it projects.
     *
     * @throws UnknownCrsException when it cannot be read, or the exact way to WGS 84 is not known
     */
    public static CoordinateReferenceSystem of(String codeOrText) {
        String text = codeOrText.strip();
        if (CODE.matcher(text).matches()) {
            return get(text.toUpperCase(Locale.ROOT));
        }
        CoordinateReferenceSystem known = KNOWN.get(text);
        if (known != null) {
            return known;
        }
        try {
            CoordinateReferenceSystem read = CRS.parseWKT(withShift(text));
            if (!hasExactWay(read)) {
                read = registered(read);
            }
            KNOWN.put(text, read);
            return read;
        } catch (FactoryException e) {
            throw new UnknownCrsException(text.substring(0, Math.min(80, text.length())), e);
        }
    }

    /**
     * The same system with what the register knows of its datum. It is looked for by its names: to compare it with every
     * one that there is takes ten seconds of a processor, and a name with a slip of the pen would cost them.
     */
    private static CoordinateReferenceSystem registered(CoordinateReferenceSystem read) throws FactoryException {
        Integer code = CRS.lookupEpsgCode(read, false);
        if (code != null) {
            return get("EPSG:" + code);
        }
        if (read instanceof ProjectedCRS projected) {
            Integer base = CRS.lookupEpsgCode(projected.getBaseCRS(), false);
            if (base != null && get("EPSG:" + base) instanceof GeographicCRS geographic) {
                return new DefaultProjectedCRS(
                        projected.getName().getCode(),
                        geographic,
                        projected.getConversionFromBase().getMathTransform(),
                        projected.getCoordinateSystem());
            }
        }
        throw new UnknownCrsException(String.valueOf(read.getName()), null);
    }

    /** Whether {@link #of} takes this code or text. */
    public static boolean isKnown(String codeOrText) {
        try {
            of(codeOrText);
            return true;
        } catch (UnknownCrsException e) {
            return false;
        }
    }

    /** The well-known text of a code, the easterly axis first. @throws UnknownCrsException when there is no such code */
    public static String text(String code) {
        return get(code.strip().toUpperCase(Locale.ROOT)).toWKT();
    }

    private static boolean hasExactWay(CoordinateReferenceSystem system) {
        try {
            CRS.findMathTransform(system, LON_LAT, false);
            return true;
        } catch (FactoryException e) {
            return false;
        }
    }

    private static String withShift(String text) {
        Matcher datum = VN_2000_DATUM.matcher(text);
        if (text.contains("TOWGS84") || !datum.find()) {
            return text;
        }
        return text.substring(0, datum.end()) + VN_2000_SHIFT + text.substring(datum.end());
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
