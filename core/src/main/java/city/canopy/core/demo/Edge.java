package city.canopy.core.demo;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.sim.Scenario;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The demo's gateway, and the devices behind it that speak LwM2M to it. The application provides it. */
public interface Edge extends AutoCloseable {
    /**
     * A device behind it.
     *
     * @param key its pre-shared key for DTLS, hexadecimal digits; empty for one that comes over plain CoAP
     */
    record Member(DeviceId id, String profile, Optional<String> key) {
        public Member {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(profile, "profile");
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String toString() {
            return "Member[" + id + "]";
        }
    }

    /**
     * Enrols the gateway if that has not been done, and opens it; blocks. Its devices can be enrolled afterwards.
     *
     * @return the gateway's name
     * @throws IllegalStateException when it cannot be opened; the message says what to do
     */
    DeviceId open();

    /** Lets the devices register and say what the scenario has for them, from now on; returns at once. */
    void speak(List<Member> members, Scenario scenario);

    /** Silences the devices and closes the gateway; blocks for a moment. */
    @Override
    void close();
}
