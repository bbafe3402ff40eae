package city.canopy.geo.tile;

import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.overlayng.LineLimiter;
import org.locationtech.jts.operation.overlayng.RingClipper;
import org.locationtech.jts.simplify.DouglasPeuckerSimplifier;

/**
 * Turns a shape on the world into the drawing commands of one tile: generalised to about a unit of the tile's grid, cut to
 * the tile and a margin around it. Used by one thread for one tile.
 */
final class ShapeCommands {
    /** What a feature of a tile is. */
    enum Kind {
        POINT(1),
        LINE(2),
        AREA(3);

        private final int wire;

        Kind(int wire) {
            this.wire = wire;
        }

        int wire() {
            return wire;
        }
    }

    private static final int MOVE = 1;
    private static final int LINE = 2;
    private static final int CLOSE = 7;
    /** Shorter than this many units a line is not drawn, smaller than this many square units an area is not. */
    private static final double LEAST = 4;

    private final Envelope window;
    private final double west;
    private final double north;
    private final double scale;
    private final Protobuf out = new Protobuf(256);
    private int x;
    private int y;

    ShapeCommands(TileAddress tile, int extent, int margin) {
        this.west = tile.west();
        this.north = tile.north();
        this.scale = extent / tile.size();
        double beyond = margin / scale;
        this.window =
                new Envelope(west - beyond, west + tile.size() + beyond, north - beyond, north + tile.size() + beyond);
    }

    /** The part of the world that is drawn. */
    Envelope window() {
        return window;
    }

    /** The commands of the last {@link #draw}. */
    Protobuf commands() {
        return out;
    }

    /** Which kind of drawing a geometry is. */
    static Kind kind(Geometry geometry) {
        return switch (geometry.getDimension()) {
            case 0 -> Kind.POINT;
            case 1 -> Kind.LINE;
            default -> Kind.AREA;
        };
    }

    /** Draws all parts that are of the geometry's kind; false where nothing of it is to be seen. */
    boolean draw(Geometry world) {
        out.clear();
        x = 0;
        y = 0;
        Kind kind = kind(world);
        Geometry simple = kind == Kind.POINT ? world : DouglasPeuckerSimplifier.simplify(world, 0.75 / scale);
        for (int i = 0; i < simple.getNumGeometries(); i++) {
            Geometry part = simple.getGeometryN(i);
            if (part instanceof Polygon area && kind == Kind.AREA) {
                area(area);
            } else if (part instanceof LineString line && kind == Kind.LINE) {
                line(line);
            } else if (part instanceof Point point && kind == Kind.POINT && window.covers(point.getCoordinate())) {
                command(MOVE, 1);
                go(unitX(point.getX()), unitY(point.getY()));
            }
        }
        return out.size() > 0;
    }

    private int unitX(double world) {
        return (int) Math.round((world - west) * scale);
    }

    private int unitY(double world) {
        return (int) Math.round((world - north) * scale);
    }

    private void command(int id, int count) {
        out.varint((long) count << 3 | id);
    }

    private void go(int toX, int toY) {
        out.zigzag(toX - x);
        out.zigzag(toY - y);
        x = toX;
        y = toY;
    }

    private void line(LineString line) {
        Envelope box = line.getEnvelopeInternal();
        if (Math.hypot(box.getWidth(), box.getHeight()) * scale < LEAST || !box.intersects(window)) {
            return;
        }
        if (window.covers(box)) {
            path(line.getCoordinates());
        } else {
            for (Coordinate[] section : new LineLimiter(window).limit(line.getCoordinates())) {
                path(section);
            }
        }
    }

    private void path(Coordinate[] points) {
        int[] units = units(points);
        int n = units.length / 2;
        if (n >= 2) {
            command(MOVE, 1);
            go(units[0], units[1]);
            command(LINE, n - 1);
            for (int i = 1; i < n; i++) {
                go(units[2 * i], units[2 * i + 1]);
            }
        }
    }

    private void area(Polygon area) {
        Envelope box = area.getEnvelopeInternal();
        if (box.getWidth() * box.getHeight() * scale * scale < LEAST || !box.intersects(window)) {
            return;
        }
        if (ring(area.getExteriorRing(), true)) {
            for (int i = 0; i < area.getNumInteriorRing(); i++) {
                ring(area.getInteriorRingN(i), false);
            }
        }
    }

    /** An outer ring runs clockwise on the screen, an inner one the other way. */
    private boolean ring(LinearRing ring, boolean outer) {
        Coordinate[] points = ring.getCoordinates();
        if (!window.covers(ring.getEnvelopeInternal())) {
            points = new RingClipper(window).clip(points);
        }
        int[] units = units(points);
        int n = units.length / 2;
        if (n > 1 && units[0] == units[2 * n - 2] && units[1] == units[2 * n - 1]) {
            n--;
        }
        long twice = 0;
        for (int i = 0; i < n; i++) {
            int next = (i + 1) % n;
            twice += (long) units[2 * i] * units[2 * next + 1] - (long) units[2 * next] * units[2 * i + 1];
        }
        if (n < 3 || Math.abs(twice) < 2) {
            return false;
        }
        boolean backward = twice > 0 != outer;
        command(MOVE, 1);
        for (int i = 0; i < n; i++) {
            int at = backward ? n - 1 - i : i;
            if (i == 1) {
                command(LINE, n - 1);
            }
            go(units[2 * at], units[2 * at + 1]);
        }
        command(CLOSE, 1);
        return true;
    }

    /** On the tile's grid, without points that fall on the one before. */
    private int[] units(Coordinate[] points) {
        int[] units = new int[2 * points.length];
        int n = 0;
        for (Coordinate point : points) {
            int ux = unitX(point.x);
            int uy = unitY(point.y);
            if (n == 0 || ux != units[n - 2] || uy != units[n - 1]) {
                units[n++] = ux;
                units[n++] = uy;
            }
        }
        return java.util.Arrays.copyOf(units, n);
    }
}
