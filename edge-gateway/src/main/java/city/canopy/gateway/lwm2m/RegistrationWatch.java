package city.canopy.gateway.lwm2m;

import city.canopy.gateway.lwm2m.DeviceState.Presence;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;

/** Tells of devices that come, are heard and go, in two words. */
record RegistrationWatch(Consumer<Registration> heard, BiConsumer<Registration, Presence> ended)
        implements RegistrationListener {
    @Override
    public void registered(Registration registration, Registration before, Collection<Observation> observations) {
        heard.accept(registration);
    }

    @Override
    public void updated(RegistrationUpdate update, Registration after, Registration before) {
        heard.accept(after);
    }

    @Override
    public void unregistered(
            Registration registration, Collection<Observation> observations, boolean expired, Registration next) {
        // A device that registers anew has its next registration already.
        if (next == null) {
            ended.accept(registration, expired ? Presence.LOST : Presence.GONE);
        }
    }
}
