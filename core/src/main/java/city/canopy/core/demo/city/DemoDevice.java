package city.canopy.core.demo.city;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.sim.Fleet;
import city.canopy.geo.layer.GeoFeature;
import java.util.Objects;

/**
 * One of the demo's devices.
 *
 * @param profile the name of its profile
 * @param role what it is there for
 * @param feature what it is bound to; of a truck the area that it serves
 * @param member what it says
 */
public record DemoDevice(DeviceId id, String profile, Role role, GeoFeature feature, Fleet.Member member) {
    /** How the profiles of those begin that speak LwM2M. */
    static final String LWM2M = "lwm2m-";

    /** What a device is there for. */
    public enum Role {
        /** Speaks often and has something to tell. */
        STORY,
        /** Drives about. */
        TRUCK,
        /** Breathes calmly below every limit, and has done so for a long time. */
        CALM
    }

    /** What it speaks about. */
    public Binding binding() {
        return role == Role.TRUCK ? new Binding.Moving() : new Binding.ToFeature(feature.layer(), feature.id());
    }

    /** Whether it speaks LwM2M, and so lives behind the demo's gateway; the others speak MQTT. */
    public boolean isLwM2m() {
        return profile.startsWith(LWM2M);
    }

    public DemoDevice {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(feature, "feature");
        Objects.requireNonNull(member, "member");
    }
}
