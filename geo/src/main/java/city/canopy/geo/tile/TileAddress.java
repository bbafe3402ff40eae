package city.canopy.geo.tile;

import org.locationtech.jts.geom.Envelope;

/**
 * A square of the Web Mercator quad tree (OGC tile matrix set WebMercatorQuad): the world is one tile at zoom 0, and each
 * tile four at the next.
 *
 * @param zoom 0 to {@value #MAX_ZOOM}
 * @param row from the north, 0 to 2^zoom - 1
 * @param column from the date line eastward, 0 to 2^zoom - 1
 */
public record TileAddress(int zoom, int row, int column) {
    public static final int MAX_ZOOM = 22;

    public TileAddress {
        if (zoom < 0 || zoom > MAX_ZOOM) {
            throw new IllegalArgumentException("a tile's zoom is 0 to " + MAX_ZOOM + ", not " + zoom);
        }
        int side = 1 << zoom;
        if (row < 0 || row >= side || column < 0 || column >= side) {
            throw new IllegalArgumentException(
                    "at zoom " + zoom + " rows and columns are 0 to " + (side - 1) + ", not " + row + " and " + column);
        }
    }

    /** The tile that a place lies in. */
    public static TileAddress at(double lon, double lat, int zoom) {
        int side = 1 << zoom;
        int column = (int) Math.min(side - 1, Math.max(0, Math.floor(Mercator.x(lon) * side)));
        int row = (int) Math.min(side - 1, Math.max(0, Math.floor(Mercator.y(lat) * side)));
        return new TileAddress(zoom, row, column);
    }

    /** Whether something in a box, in lon/lat, can be seen on the tile: the box may lie a little outside of it. */
    public boolean shows(Envelope lonLat) {
        double margin = size() * TileLayer.MARGIN / TileLayer.EXTENT;
        return Mercator.x(lonLat.getMaxX()) >= west() - margin
                && Mercator.x(lonLat.getMinX()) <= west() + size() + margin
                && Mercator.y(lonLat.getMinY()) >= north() - margin
                && Mercator.y(lonLat.getMaxY()) <= north() + size() + margin;
    }

    /** Its side, where the world's is 1. */
    double size() {
        return 1.0 / (1 << zoom);
    }

    /** Its western edge, where the world reaches from 0 to 1. */
    double west() {
        return column * size();
    }

    /** Its northern edge, where the world reaches from 0 in the north to 1. */
    double north() {
        return row * size();
    }

    @Override
    public String toString() {
        return zoom + "/" + row + "/" + column;
    }
}
