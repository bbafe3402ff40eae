package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.index.strtree.STRtree;

/**
 * In which ward a place lies. Reads the layer {@code wards}: the feature's property {@code code}, else its id, is the
 * ward's code (codes have been used again, ids cannot be), {@code name} its name, {@code valid_from} and {@code valid_to} (a date, or a moment by RFC 3339) say when it is
 * the ward. Safe for all threads; an index is built once per version of the layer.
 */
public final class Wards {
    /** The layer that is read. */
    public static final String LAYER = "wards";

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final LayerSource layers;
    private final ZoneId zone;
    private final AtomicReference<Index> index = new AtomicReference<>();

    /**
     * @param layers where the wards are
     * @param zone in which days begin, for the dates of validity
     */
    public Wards(LayerSource layers, ZoneId zone) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    /**
     * The ward of a place at a moment; on a common border the one with the lower code. Empty outside all wards, and
     * where the installation has no layer {@code wards}.
     *
     * @param lon degrees east, WGS 84
     * @param lat degrees north, WGS 84
     */
    public Optional<Ward> find(double lon, double lat, Instant at) {
        if (!layers.names().contains(LAYER)) {
            return Optional.empty();
        }
        Point place = GEOMETRIES.createPoint(new Coordinate(lon, lat));
        List<Area> hits = new ArrayList<>();
        indexed(layers.snapshot(LAYER)).tree.query(new Envelope(lon, lon, lat, lat), item -> {
            if (item instanceof Area area && area.validity.holds(at) && area.shape.covers(place)) {
                hits.add(area);
            }
        });
        return hits.stream().map(Area::ward).min(Comparator.comparing(Ward::code));
    }

    /**
     * The box of all wards of a moment, in degrees: west and east as x, south and north as y. Empty where there is none.
     */
    public Optional<Envelope> box(Instant at) {
        Envelope box = new Envelope();
        if (layers.names().contains(LAYER)) {
            for (GeoFeature feature : layers.snapshot(LAYER).features()) {
                if (Validity.of(feature.properties(), zone).holds(at)) {
                    box.expandToInclude(feature.geometry().getEnvelopeInternal());
                }
            }
        }
        return Optional.of(box).filter(found -> !found.isNull());
    }

    private Index indexed(LayerSnapshot snapshot) {
        Index known = index.get();
        if (known != null && known.snapshot == snapshot) {
            return known;
        }
        STRtree tree = new STRtree();
        for (GeoFeature feature : snapshot.features()) {
            Object name = feature.properties().get("name");
            Object code = feature.properties().getOrDefault("code", feature.id());
            Ward ward = new Ward(String.valueOf(code), name == null ? feature.id() : name.toString());
            Area area = new Area(
                    ward, PreparedGeometryFactory.prepare(feature.geometry()), Validity.of(feature.properties(), zone));
            tree.insert(feature.geometry().getEnvelopeInternal(), area);
        }
        tree.build();
        Index built = new Index(snapshot, tree);
        index.set(built);
        return built;
    }

    private record Area(Ward ward, PreparedGeometry shape, Validity validity) {}

    private record Index(LayerSnapshot snapshot, STRtree tree) {}
}
