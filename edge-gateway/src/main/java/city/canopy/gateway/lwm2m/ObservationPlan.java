package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttribute;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributes;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.server.registration.Registration;

/**
 * What is to be observed of one registered device: what its profile wants, as far as the device has the object.
 *
 * @param wanted in the profile's order
 * @param key differs where something else is to be observed, or by another registration
 */
record ObservationPlan(List<Observation> wanted, String key) {
    ObservationPlan {
        wanted = List.copyOf(wanted);
    }

    static ObservationPlan of(Registration registration, List<Observation> profile) {
        List<Observation> wanted = new ArrayList<>(profile.size());
        for (Observation observation : profile) {
            LwM2mPath path = new LwM2mPath(observation.path());
            boolean there = path.getObjectInstanceId() == null
                            || registration.getAvailableInstances().isEmpty()
                    ? registration.getSupportedObject().containsKey(path.getObjectId())
                    : registration.getAvailableInstances().contains(path.toObjectInstancePath());
            if (there) {
                wanted.add(observation);
            }
        }
        return new ObservationPlan(
                wanted,
                registration.getId() + ":"
                        + Integer.toHexString(wanted.toString().hashCode()));
    }

    /** Single resources that one composite observation serves; empty where it is not worth it or not spoken. */
    List<LwM2mPath> composite(Registration registration) {
        if (registration.getLwM2mVersion().olderThan(LwM2mVersion.V1_1)) {
            return List.of();
        }
        List<LwM2mPath> resources = wanted.stream()
                .map(observation -> new LwM2mPath(observation.path()))
                .filter(LwM2mPath::isResource)
                .toList();
        return resources.size() < 2 ? List.of() : resources;
    }

    /** The attributes to be written; empty for none. */
    static Optional<LwM2mAttributeSet> attributes(Observation observation) {
        List<LwM2mAttribute<?>> attributes = new ArrayList<>();
        observation
                .pmin()
                .ifPresent(pmin -> attributes.add(
                        LwM2mAttributes.create(LwM2mAttributes.MINIMUM_PERIOD, (Long) pmin.toSeconds())));
        observation
                .pmax()
                .ifPresent(pmax -> attributes.add(
                        LwM2mAttributes.create(LwM2mAttributes.MAXIMUM_PERIOD, (Long) pmax.toSeconds())));
        observation
                .greaterThan()
                .ifPresent(
                        gt -> attributes.add(LwM2mAttributes.create(LwM2mAttributes.GREATER_THAN, gt.doubleValue())));
        observation
                .lessThan()
                .ifPresent(lt -> attributes.add(LwM2mAttributes.create(LwM2mAttributes.LESSER_THAN, lt.doubleValue())));
        observation
                .step()
                .ifPresent(st -> attributes.add(LwM2mAttributes.create(LwM2mAttributes.STEP, st.doubleValue())));
        return attributes.isEmpty() ? Optional.empty() : Optional.of(new LwM2mAttributeSet(attributes));
    }
}
