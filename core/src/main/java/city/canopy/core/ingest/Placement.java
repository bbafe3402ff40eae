package city.canopy.core.ingest;

import city.canopy.core.series.Subject;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import city.canopy.geo.attach.AttachRule;
import city.canopy.geo.attach.Attacher;
import city.canopy.geo.attach.Attachment;
import city.canopy.geo.layer.LayerSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which feature a device speaks about: the one that it is bound to, the nearest to its fixed position, or the nearest
 * to where it was. The answer for a device that stands still is kept until the device or a layer changes. Any thread.
 */
public final class Placement {
    private final Attacher attacher;
    private final LayerSource layers;
    private final Function<String, List<AttachRule>> rulesOfProfile;
    private final ConcurrentHashMap<DeviceId, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(Device device, long layersVersion, Subject subject) {}

    /** @param rulesOfProfile in which layers, and how far, to look for the feature of a device with this profile */
    public Placement(Attacher attacher, LayerSource layers, Function<String, List<AttachRule>> rulesOfProfile) {
        this.attacher = attacher;
        this.layers = layers;
        this.rulesOfProfile = rulesOfProfile;
    }

    /** What the device speaks about now, as far as that is known without a message; else the device itself. */
    public Subject subject(Device device) {
        if (device.binding() instanceof Binding.ToFeature feature) {
            return new Subject(feature.layer(), feature.featureId());
        }
        long version = layersVersion(device);
        Kept known = kept.get(device.id());
        if (known == null || known.device() != device || known.layersVersion() != version) {
            known = new Kept(device, version, place(device, device.binding(), Optional.empty()));
            kept.put(device.id(), known);
        }
        return known.subject();
    }

    /**
     * What a reading is about.
     *
     * @param measuredAt decides between the bindings that the device had
     * @param position where the message says that the device was
     */
    public Subject subject(Device device, Instant measuredAt, Optional<Position> position) {
        Binding binding = device.bindings().size() == 1 ? device.binding() : device.bindingAt(measuredAt);
        if (binding.equals(device.binding()) && !(binding instanceof Binding.Moving && position.isPresent())) {
            return subject(device);
        }
        return place(device, binding, position);
    }

    private Subject place(Device device, Binding binding, Optional<Position> position) {
        if (binding instanceof Binding.ToFeature feature) {
            return new Subject(feature.layer(), feature.featureId());
        } else if (binding instanceof Binding.At at) {
            return nearest(device, at.position());
        } else if (binding instanceof Binding.Moving && position.isPresent()) {
            return nearest(device, position.get());
        }
        return Subject.of(device.id());
    }

    private Subject nearest(Device device, Position position) {
        Attachment found = attacher.attach(position.lon(), position.lat(), rulesOfProfile.apply(device.profile()));
        if (found instanceof Attachment.Inside inside) {
            return new Subject(inside.layer(), inside.featureId());
        } else if (found instanceof Attachment.Near near) {
            return new Subject(near.layer(), near.featureId());
        } else if (found instanceof Attachment.OnLine onLine) {
            return new Subject(onLine.layer(), onLine.featureId());
        }
        return Subject.of(device.id());
    }

    private long layersVersion(Device device) {
        long version = 0;
        for (AttachRule rule : rulesOfProfile.apply(device.profile())) {
            if (layers.names().contains(rule.layer())) {
                version += layers.snapshot(rule.layer()).version();
            }
        }
        return version;
    }
}
