package city.canopy.core.rules;

import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.DeviceRegistry;
import city.canopy.geo.filter.Spatial;
import city.canopy.geo.layer.LayerSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What judging needs to know of the world. Shared by all partitions.
 *
 * @param layers the layers as they stand
 * @param spatial answers spatial terms
 * @param devices who is enrolled, as it stands
 * @param profiles the reporting rhythms, as they stand
 * @param past stored readings
 * @param zone where days begin and clocks are read
 * @param startedAt when this service began to listen. No timer counts time before it: what was said while the service
 *     was down is still on its way
 */
public record Surroundings(
        LayerSource layers,
        Spatial spatial,
        Supplier<DeviceRegistry> devices,
        Supplier<Profiles> profiles,
        Past past,
        ZoneId zone,
        Instant startedAt) {
    public Surroundings {
        Objects.requireNonNull(layers, "layers");
        Objects.requireNonNull(spatial, "spatial");
        Objects.requireNonNull(devices, "devices");
        Objects.requireNonNull(profiles, "profiles");
        Objects.requireNonNull(past, "past");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(startedAt, "startedAt");
    }
}
