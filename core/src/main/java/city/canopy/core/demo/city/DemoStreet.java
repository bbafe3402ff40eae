package city.canopy.core.demo.city;

import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.linearref.LengthIndexedLine;

/**
 * A generated street, in the working plane (metres).
 *
 * @param rank how important it is
 * @param line its middle
 */
record DemoStreet(String name, Rank rank, LineString line) {
    /** What a street is for. */
    enum Rank {
        PRIMARY(15),
        SECONDARY(10.5),
        RESIDENTIAL(6),
        RURAL(5.5);

        private final double widthMeters;

        Rank(double widthMeters) {
            this.widthMeters = widthMeters;
        }

        /** From kerb to kerb. */
        double widthMeters() {
            return widthMeters;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    double length() {
        return line.getLength();
    }

    /** A place so far along the street and so far beside its kerb, to the left where positive; metres. */
    Coordinate beside(double along, double fromKerb) {
        double offset = Math.signum(fromKerb) * (rank.widthMeters() / 2 + Math.abs(fromKerb));
        return new LengthIndexedLine(line).extractPoint(Math.max(1, Math.min(length() - 1, along)), offset);
    }
}
