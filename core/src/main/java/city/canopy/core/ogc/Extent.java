package city.canopy.core.ogc;

import city.canopy.core.http.Json;
import city.canopy.core.layers.Validity;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import org.locationtech.jts.geom.Envelope;

/**
 * Where and when the features of a layer are.
 *
 * @param box lon/lat; null when there are none
 * @param timed whether any feature says from when or to when it holds
 * @param from the earliest moment, {@link Instant#MIN} when one has always been
 * @param to the latest moment, {@link Instant#MAX} when one will always be
 */
record Extent(Envelope box, boolean timed, Instant from, Instant to) {
    private static final String GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

    private static final double DECIMALS = 1e7;

    static Extent of(LayerSnapshot snapshot, ZoneId zone) {
        Envelope box = new Envelope();
        boolean timed = false;
        Instant from = Instant.MAX;
        Instant to = Instant.MIN;
        for (GeoFeature feature : snapshot.features()) {
            box.expandToInclude(feature.geometry().getEnvelopeInternal());
            boolean said = feature.properties().get("valid_from") != null
                    || feature.properties().get("valid_to") != null;
            timed |= said;
            Validity validity = said ? Validity.of(feature.properties(), zone) : null;
            from = validity == null ? from : from.isBefore(validity.from()) ? from : validity.from();
            to = validity == null ? to : to.isAfter(validity.to()) ? to : validity.to();
        }
        return new Extent(box, timed, from, to);
    }

    /** With seven decimals, as a box is often written: what it rounds away must not leave a feature outside. */
    private static double below(double degrees) {
        double near = Math.rint(degrees * DECIMALS);
        return (near / DECIMALS <= degrees ? near : near - 1) / DECIMALS;
    }

    ObjectNode json() {
        ObjectNode extent = Json.object();
        if (!box.isNull()) {
            ObjectNode spatial = extent.putObject("spatial");
            ArrayNode numbers = spatial.putArray("bbox").addArray();
            numbers.add(below(box.getMinX())).add(below(box.getMinY()));
            numbers.add(-below(-box.getMaxX())).add(-below(-box.getMaxY()));
            spatial.put("crs", ServedCrs.CRS84);
        }
        // An interval with an open end may be left out, and many clients cannot read one.
        if (timed && !from.equals(Instant.MIN) && !to.equals(Instant.MAX)) {
            ObjectNode temporal = extent.putObject("temporal");
            temporal.putArray("interval").addArray().add(from.toString()).add(to.toString());
            temporal.put("trs", GREGORIAN);
        }
        return extent;
    }
}
