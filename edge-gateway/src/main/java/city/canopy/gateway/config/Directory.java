package city.canopy.gateway.config;

import city.canopy.devices.envelope.CredentialDigest;
import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Which devices live behind this gateway, how they prove who they are, and what is observed of them. One immutable state
 * at a time, swapped as a whole by {@link #replace}. Any thread; never blocks.
 */
public final class Directory {
    private record State(
            Map<DeviceId, EdgeDevice> devices,
            Map<String, DeviceId> pskIdentities,
            Map<String, DeviceId> fingerprints,
            Map<String, DeviceId> tokens,
            Map<String, DeviceId> usernames,
            Map<String, List<Observation>> observe,
            Optional<CredentialDigest> digest) {}

    private final List<Consumer<Directory>> listeners = new CopyOnWriteArrayList<>();
    private volatile State state =
            new State(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Optional.empty());

    /** From now on this is so; listeners hear of it on the calling thread. */
    public void replace(GatewayConfiguration configuration) {
        Map<DeviceId, EdgeDevice> devices = new HashMap<>();
        Map<String, DeviceId> identities = new HashMap<>();
        Map<String, DeviceId> fingerprints = new HashMap<>();
        Map<String, DeviceId> tokens = new HashMap<>();
        Map<String, DeviceId> usernames = new HashMap<>();
        for (EdgeDevice device : configuration.devices()) {
            devices.put(device.id(), device);
            for (Credential credential : device.credentials()) {
                if (credential instanceof Credential.Psk psk) {
                    identities.put(psk.identity(), device.id());
                } else if (credential instanceof Credential.X509 x509) {
                    fingerprints.put(x509.fingerprintHex(), device.id());
                } else if (credential instanceof Credential.Token token) {
                    tokens.put(token.digestHex(), device.id());
                } else if (credential instanceof Credential.Password password) {
                    usernames.put(password.username(), device.id());
                }
            }
        }
        state = new State(
                devices,
                identities,
                fingerprints,
                tokens,
                usernames,
                configuration.observe(),
                Optional.of(new CredentialDigest(configuration.digestKeyHex())));
        listeners.forEach(listener -> listener.accept(this));
    }

    /** Is told after each change. */
    public void listen(Consumer<Directory> listener) {
        listeners.add(listener);
    }

    public Optional<EdgeDevice> find(DeviceId id) {
        return Optional.ofNullable(state.devices.get(id));
    }

    /** Whose PSK identity this is. */
    public Optional<EdgeDevice> byPskIdentity(String identity) {
        return device(state.pskIdentities.get(identity));
    }

    /** Whose certificate this is. */
    public Optional<EdgeDevice> byFingerprint(String sha256Hex) {
        return device(state.fingerprints.get(sha256Hex));
    }

    /** Whose token has this digest. */
    public Optional<EdgeDevice> byToken(String digestHex) {
        return device(state.tokens.get(digestHex));
    }

    /** Whose user name this is. */
    public Optional<EdgeDevice> byUsername(String username) {
        return device(state.usernames.get(username));
    }

    /** How tokens and passwords are known; empty before there is a configuration. */
    public Optional<CredentialDigest> digest() {
        return state.digest;
    }

    private Optional<EdgeDevice> device(DeviceId id) {
        return id == null ? Optional.empty() : find(id);
    }

    /** What is observed of the devices of a profile; empty for none. */
    public List<Observation> observed(String profile) {
        return state.observe.getOrDefault(profile, List.of());
    }

    public int size() {
        return state.devices.size();
    }
}
