package city.canopy.geo.osm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.polygonize.Polygonizer;

/** Makes areas of the ways of a multipolygon relation: its outer ways to rings, its inner ones to holes in them. */
final class RelationRings {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final List<LineString> outer = new ArrayList<>();
    private final List<LineString> inner = new ArrayList<>();

    void add(LineString way, boolean isInner) {
        (isInner ? inner : outer).add(way);
    }

    /** Null where the ways are not closed, or a hole lies in no ring. */
    Geometry shape() {
        List<Polygon> rings = rings(outer);
        List<Polygon> holes = inner.isEmpty() ? List.of() : rings(inner);
        if (rings == null || rings.isEmpty() || holes == null) {
            return null;
        }
        List<List<LinearRing>> within = new ArrayList<>();
        rings.forEach(ring -> within.add(new ArrayList<>()));
        for (Polygon hole : holes) {
            int ring = around(hole, rings);
            if (ring < 0) {
                return null;
            }
            within.get(ring).add(hole.getExteriorRing());
        }
        Polygon[] areas = new Polygon[rings.size()];
        for (int i = 0; i < areas.length; i++) {
            areas[i] = GEOMETRIES.createPolygon(
                    rings.get(i).getExteriorRing(), within.get(i).toArray(new LinearRing[0]));
        }
        return areas.length == 1 ? areas[0] : GEOMETRIES.createMultiPolygon(areas);
    }

    private static int around(Polygon hole, List<Polygon> rings) {
        Geometry inside = hole.getInteriorPoint();
        for (int i = 0; i < rings.size(); i++) {
            if (rings.get(i).contains(inside)) {
                return i;
            }
        }
        return -1;
    }

    /** Null where a way is left over. */
    private static List<Polygon> rings(List<LineString> ways) {
        Polygonizer polygonizer = new Polygonizer();
        polygonizer.add(ways);
        List<Polygon> rings = new ArrayList<>();
        for (Object ring : polygonizer.getPolygons()) {
            rings.add((Polygon) ring);
        }
        boolean whole = isNone(polygonizer.getDangles())
                && isNone(polygonizer.getCutEdges())
                && isNone(polygonizer.getInvalidRingLines());
        return whole ? rings : null;
    }

    private static boolean isNone(Collection<?> left) {
        return left.isEmpty();
    }
}
