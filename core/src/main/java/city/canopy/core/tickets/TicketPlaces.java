package city.canopy.core.tickets;

import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;

/** Where subjects are: a feature's own geometry, the place of a device, or the place itself; and the ward that lies under it. Any thread. */
public final class TicketPlaces {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final LayerSource layers;
    private final Supplier<DeviceRegistry> devices;
    private final WardFinder wards;

    public TicketPlaces(LayerSource layers, Supplier<DeviceRegistry> devices, WardFinder wards) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.devices = Objects.requireNonNull(devices, "devices");
        this.wards = Objects.requireNonNull(wards, "wards");
    }

    /** Where a subject is now. */
    public Ticket.Place of(Subject subject) {
        Optional<Geometry> geometry = subject.isDevice()
                ? binding(subject).flatMap(this::geometry)
                : subject.place()
                        .<Geometry>map(TicketPlaces::point)
                        .or(() -> feature(subject.layer(), subject.id()).map(GeoFeature::geometry));
        if (geometry.isEmpty() || geometry.get().isEmpty()) {
            return Ticket.Place.UNKNOWN;
        }
        Point inside = geometry.get().getInteriorPoint();
        return new Ticket.Place(geometry, wards.find(inside.getX(), inside.getY()));
    }

    /** Whether there is such a feature, or such a device. */
    boolean isKnown(Subject subject) {
        return subject.isDevice()
                ? binding(subject).isPresent()
                : subject.place().isPresent()
                        || feature(subject.layer(), subject.id()).isPresent();
    }

    private Optional<Binding> binding(Subject device) {
        return DeviceId.isValid(device.id())
                ? devices.get().find(new DeviceId(device.id())).map(found -> found.binding())
                : Optional.empty();
    }

    private Optional<Geometry> geometry(Binding binding) {
        if (binding instanceof Binding.ToFeature bound) {
            return feature(bound.layer(), bound.featureId()).map(GeoFeature::geometry);
        }
        return binding instanceof Binding.At at ? Optional.of(point(at.position())) : Optional.empty();
    }

    private static Point point(Position place) {
        return GEOMETRIES.createPoint(new Coordinate(place.lon(), place.lat()));
    }

    private Optional<GeoFeature> feature(String layer, String id) {
        return layers.names().contains(layer) ? layers.snapshot(layer).find(id) : Optional.empty();
    }
}
