package city.canopy.gateway.lwm2m;

import city.canopy.gateway.store.StateStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.ObservationIdentifier;
import org.eclipse.leshan.server.registration.Deregistration;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.registration.UpdatedRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registrations and observations that survive a restart, and a SIGKILL: in memory for reading, each change also in the
 * {@link StateStore}. A registration is on disk before its device has the answer. An update goes there only where it
 * changes more than its time, and nobody waits for it: after a restart every registration counts as heard of just now.
 */
final class KeptRegistrations extends InMemoryRegistrationStore {
    private static final Logger LOG = LoggerFactory.getLogger(KeptRegistrations.class);
    private static final String REGISTRATIONS = "lwm2m.registrations";
    private static final String OBSERVATIONS = "lwm2m.observations";
    private static final long WAIT_SECONDS = 20;

    private final StateStore state;
    private final Map<String, Boolean> endpoints = new ConcurrentHashMap<>();

    KeptRegistrations(StateStore state, Clock clock) {
        this.state = state;
        for (Map.Entry<String, byte[]> each : state.list(REGISTRATIONS).entrySet()) {
            try {
                super.addRegistration(RegistrationJson.read(each.getValue(), Date.from(clock.instant())));
                endpoints.put(each.getKey(), true);
            } catch (IOException | RuntimeException e) {
                // The device registers again by itself when its next word is refused.
                LOG.warn("the registration of {} cannot be read and is dropped: {}", each.getKey(), e.getMessage());
                forget(REGISTRATIONS, each.getKey());
            }
        }
        for (Map.Entry<String, byte[]> each : state.list(OBSERVATIONS).entrySet()) {
            try {
                Observation observation = ObservationJson.read(each.getValue());
                if (getRegistration(observation.getRegistrationId()) != null) {
                    super.addObservation(observation.getRegistrationId(), observation, false);
                } else {
                    forget(OBSERVATIONS, each.getKey());
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("an observation cannot be read and is dropped: {}", e.getMessage());
                forget(OBSERVATIONS, each.getKey());
            }
        }
    }

    /** How many devices are registered. */
    int size() {
        return endpoints.size();
    }

    @Override
    public Deregistration addRegistration(Registration registration) {
        await(state.put(REGISTRATIONS, registration.getEndpoint(), RegistrationJson.write(registration)));
        Deregistration before = super.addRegistration(registration);
        endpoints.put(registration.getEndpoint(), true);
        if (before != null) {
            before.getObservations().forEach(this::forget);
        }
        return before;
    }

    @Override
    public UpdatedRegistration updateRegistration(RegistrationUpdate update) {
        UpdatedRegistration updated = super.updateRegistration(update);
        if (updated != null && isNews(updated.getPreviousRegistration(), updated.getUpdatedRegistration())) {
            keep(
                    REGISTRATIONS,
                    updated.getUpdatedRegistration().getEndpoint(),
                    RegistrationJson.write(updated.getUpdatedRegistration()));
        }
        return updated;
    }

    private static boolean isNews(Registration before, Registration after) {
        return !before.getSocketAddress().equals(after.getSocketAddress())
                || !before.getLifeTimeInSec().equals(after.getLifeTimeInSec())
                || !before.getBindingMode().equals(after.getBindingMode())
                || !java.util.Arrays.equals(before.getObjectLinks(), after.getObjectLinks());
    }

    @Override
    public Deregistration removeRegistration(String id) {
        Deregistration removed = super.removeRegistration(id);
        if (removed != null) {
            endpoints.remove(removed.getRegistration().getEndpoint());
            forget(REGISTRATIONS, removed.getRegistration().getEndpoint());
            removed.getObservations().forEach(this::forget);
        }
        return removed;
    }

    @Override
    public Collection<Observation> addObservation(String registration, Observation observation, boolean ifAbsent) {
        Collection<Observation> removed = super.addObservation(registration, observation, ifAbsent);
        keep(OBSERVATIONS, name(observation.getId()), ObservationJson.write(observation));
        for (Observation each : removed) {
            if (!each.getId().equals(observation.getId())) {
                forget(each);
            }
        }
        return removed;
    }

    @Override
    public Observation removeObservation(String registration, ObservationIdentifier id) {
        Observation removed = super.removeObservation(registration, id);
        if (removed != null) {
            forget(removed);
        }
        return removed;
    }

    @Override
    public Collection<Observation> removeObservations(String registration) {
        Collection<Observation> removed = super.removeObservations(registration);
        removed.forEach(this::forget);
        return removed;
    }

    private static String name(ObservationIdentifier id) {
        return HexFormat.of().formatHex(id.getBytes());
    }

    private void forget(Observation observation) {
        forget(OBSERVATIONS, name(observation.getId()));
    }

    private void keep(String space, String name, byte[] value) {
        report(state.put(space, name, value), name);
    }

    private void forget(String space, String name) {
        report(state.remove(space, name), name);
    }

    /** Nobody waits; the worst is a device that registers, or is observed, once more after a restart. */
    private static void report(CompletableFuture<Void> written, String name) {
        written.whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("the state of {} could not be kept: {}", name, problem.getMessage());
            }
        });
    }

    private static void await(CompletableFuture<Void> written) {
        try {
            written.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the gateway stops", e);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the registration could not be kept", e);
        }
    }
}
