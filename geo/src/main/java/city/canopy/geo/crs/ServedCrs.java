package city.canopy.geo.crs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.geotools.api.referencing.operation.MathTransform;
import org.geotools.api.referencing.operation.TransformException;
import org.locationtech.jts.densify.Densifier;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * A coordinate system that features are served in, named by its address at opengis.net. Here, and only here, the order of
 * the axes is the one of the EPSG register: latitude first for {@code EPSG/0/4326}. Coordinates on a projected system are
 * rounded to a tenth of a millimetre. Immutable; any thread.
 */
public final class ServedCrs {
    /** WGS 84, longitude first: what features are kept in, and what is meant when none is named. */
    public static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    private static final String REGISTER = "www.opengis.net/def/crs/EPSG/0/";
    private static final String EPSG = "http://" + REGISTER;
    /**
     * Clients take every system that begins with {@link #EPSG} for one that their dictionary has. The systems that widespread
     * dictionaries lack, or have with the axes the other way round, are therefore listed by the same address with https.
     */
    private static final String LITTLE_KNOWN = "https://" + REGISTER;

    private static final int EDGE_STEPS = 16;
    private static final double PARTS_OF_A_METER = 1e4;
    /** About a centimetre: degrees are served with seven decimals. */
    private static final double ROUNDED_DEGREES = 1e-7;

    /** Geographic ones; in the register the latitude is their first axis. */
    private static final List<Integer> LATITUDE_FIRST = List.of(4326, 4756);

    private static final Map<String, ServedCrs> SERVED = served();
    private static final Map<String, ServedCrs> BY_ADDRESS =
            SERVED.values().stream().collect(Collectors.toUnmodifiableMap(crs -> withHttp(crs.uri), crs -> crs));

    private final String uri;
    private final String code;
    private final boolean latitudeFirst;

    private ServedCrs(String uri, String code, boolean latitudeFirst) {
        this.uri = uri;
        this.code = code;
        this.latitudeFirst = latitudeFirst;
    }

    private static Map<String, ServedCrs> served() {
        Map<String, ServedCrs> all = new LinkedHashMap<>();
        all.put(CRS84, new ServedCrs(CRS84, null, false));
        // WGS 84 and its projections for Vietnam; VN-2000's two UTM zones.
        IntStream.of(4326, 3857, 32648, 32649, 3405, 3406).forEach(code -> add(all, EPSG, code));
        // VN-2000 itself and its 3-degree zones, one for each province.
        IntStream zones = IntStream.concat(IntStream.rangeClosed(5896, 5899), IntStream.rangeClosed(9205, 9218));
        IntStream.concat(IntStream.of(4756), zones).forEach(code -> add(all, LITTLE_KNOWN, code));
        return all;
    }

    private static void add(Map<String, ServedCrs> all, String register, int code) {
        all.put(register + code, new ServedCrs(register + code, "EPSG:" + code, LATITUDE_FIRST.contains(code)));
    }

    private static String withHttp(String address) {
        return address.replaceFirst("^https:", "http:");
    }

    /** The addresses of all systems that are served, {@link #CRS84} first. */
    public static List<String> uris() {
        return List.copyOf(SERVED.keySet());
    }

    public static ServedCrs crs84() {
        return SERVED.get(CRS84);
    }

    /**
     * The system of an address, with http or https, or of a safe CURIE such as {@code [EPSG:4326]}, if it is served. It is
     * called as it was asked for.
     */
    public static Optional<ServedCrs> find(String uriOrCurie) {
        String address = address(uriOrCurie);
        return Optional.ofNullable(BY_ADDRESS.get(withHttp(address)))
                .map(crs -> new ServedCrs(address, crs.code, crs.latitudeFirst));
    }

    private static String address(String uriOrCurie) {
        if (!uriOrCurie.startsWith("[") || !uriOrCurie.endsWith("]")) {
            return uriOrCurie;
        }
        String curie = uriOrCurie.substring(1, uriOrCurie.length() - 1);
        return curie.equals("OGC:CRS84") ? CRS84 : curie.replaceFirst("^EPSG:", EPSG);
    }

    public String uri() {
        return uri;
    }

    /** Whether coordinates stay as they are kept. */
    public boolean isLonLat() {
        return code == null;
    }

    /** A copy in this system. @throws IllegalArgumentException when the system does not reach there */
    public Geometry fromLonLat(Geometry lonLat) {
        if (isLonLat()) {
            return lonLat;
        }
        MathTransform transform = Crs.transform(Crs.LON_LAT, Crs.get(code));
        boolean projected = !latitudeFirst;
        return changed(lonLat, (x, y, point) -> {
            point[0] = x;
            point[1] = y;
            transform.transform(point, 0, point, 0, 1);
            if (projected) {
                point[0] = Math.rint(point[0] * PARTS_OF_A_METER) / PARTS_OF_A_METER;
                point[1] = Math.rint(point[1] * PARTS_OF_A_METER) / PARTS_OF_A_METER;
            } else {
                swap(point);
            }
        });
    }

    /** A copy in lon/lat of what is in this system. @throws IllegalArgumentException when it cannot be put there */
    public Geometry toLonLat(Geometry geometry) {
        if (isLonLat()) {
            return geometry;
        }
        MathTransform transform = Crs.transform(Crs.get(code), Crs.LON_LAT);
        return changed(geometry, (x, y, point) -> {
            point[0] = x;
            point[1] = y;
            if (latitudeFirst) {
                swap(point);
            }
            transform.transform(point, 0, point, 0, 1);
        });
    }

    /**
     * The smallest box in lon/lat that holds all of a box in this system, and a centimetre more: a box that
     * is made from coordinates as they are served, which are rounded, holds what they came from.
     */
    public Envelope toLonLat(Envelope box) {
        if (isLonLat()) {
            return new Envelope(box);
        }
        Geometry edges = new GeometryFactory().toGeometry(box);
        double step = Math.max(box.getWidth(), box.getHeight()) / EDGE_STEPS;
        Geometry dense = step > 0 ? Densifier.densify(edges, step) : edges;
        Envelope lonLat = toLonLat(dense).getEnvelopeInternal();
        lonLat.expandBy(ROUNDED_DEGREES);
        return lonLat;
    }

    private static void swap(double[] point) {
        double first = point[0];
        point[0] = point[1];
        point[1] = first;
    }

    private interface Change {
        void apply(double first, double second, double[] point) throws TransformException;
    }

    private Geometry changed(Geometry geometry, Change change) {
        Geometry copy = geometry.copy();
        copy.apply(new EachPoint(change));
        copy.geometryChanged();
        return copy;
    }

    private final class EachPoint implements CoordinateSequenceFilter {
        private final Change change;
        private final double[] point = new double[2];

        EachPoint(Change change) {
            this.change = change;
        }

        @Override
        public void filter(CoordinateSequence sequence, int i) {
            double x = sequence.getX(i);
            double y = sequence.getY(i);
            try {
                change.apply(x, y, point);
            } catch (TransformException | RuntimeException e) {
                throw unreachable(x, y, e);
            }
            if (!Double.isFinite(point[0]) || !Double.isFinite(point[1])) {
                throw unreachable(x, y, null);
            }
            sequence.setOrdinate(i, CoordinateSequence.X, point[0]);
            sequence.setOrdinate(i, CoordinateSequence.Y, point[1]);
        }

        private IllegalArgumentException unreachable(double x, double y, Exception cause) {
            return new IllegalArgumentException(
                    "the position " + x + ", " + y + " cannot be brought into or out of " + uri, cause);
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public boolean isGeometryChanged() {
            return false;
        }
    }
}
