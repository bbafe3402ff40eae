package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.core.peer.SocketIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.servers.ServerEndpointNameProvider;
import org.eclipse.leshan.servers.security.Authorization;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStore;

/**
 * Who may be whom, after the gateway's directory: an endpoint is a device of that name, proven by its own PSK or
 * certificate; without encryption only where the device has neither. All else is refused. Any thread.
 */
final class DirectorySecurity implements SecurityStore, Authorizer, ServerEndpointNameProvider {
    private final Directory directory;
    private final LwM2mMetrics metrics;
    private final int maxRegistrations;
    private volatile KeptRegistrations registrations;

    DirectorySecurity(Directory directory, LwM2mMetrics metrics, int maxRegistrations) {
        this.directory = directory;
        this.metrics = metrics;
        this.maxRegistrations = maxRegistrations;
    }

    /** Whose number is limited. */
    void limit(KeptRegistrations registrations) {
        this.registrations = registrations;
    }

    /** The device that an endpoint name stands for. */
    Optional<EdgeDevice> device(String endpoint) {
        return DeviceId.isValid(endpoint) ? directory.find(new DeviceId(endpoint)) : Optional.empty();
    }

    /** Why this peer may not be this endpoint; empty when it may. */
    Optional<Refused> refusal(String endpoint, LwM2mPeer peer) {
        Optional<EdgeDevice> device = device(endpoint);
        if (device.isEmpty()) {
            return Optional.of(Refused.UNKNOWN);
        }
        if (!(peer instanceof IpPeer ip)) {
            return Optional.of(Refused.FOREIGN);
        }
        if (ip.getIdentity() instanceof SocketIdentity) {
            return device.get().credentials().stream().anyMatch(DirectorySecurity::isOfDtls)
                    ? Optional.of(Refused.UNENCRYPTED)
                    : Optional.empty();
        }
        return isOwn(device.get(), ip) ? Optional.empty() : Optional.of(Refused.FOREIGN);
    }

    private boolean isOwn(EdgeDevice device, IpPeer peer) {
        if (peer.getIdentity() instanceof PskIdentity psk) {
            return directory
                    .byPskIdentity(psk.getPskIdentity())
                    .filter(owner -> owner.id().equals(device.id()))
                    .isPresent();
        }
        // The certificate itself was looked up at the handshake, with the name that stands in it.
        return peer.getIdentity() instanceof X509Identity x509
                && x509.getX509CommonName().equals(device.id().value())
                && device.credentials().stream().anyMatch(Credential.X509.class::isInstance);
    }

    private static boolean isOfDtls(Credential credential) {
        return credential instanceof Credential.Psk || credential instanceof Credential.X509;
    }

    /** Whether this device is known, not registered yet, and finds no room; counts it when it is so. */
    boolean isOneTooMany(String endpoint) {
        boolean tooMany = device(endpoint).isPresent() && isFullFor(endpoint);
        if (tooMany) {
            metrics.refused(Refused.TOO_MANY);
        }
        return tooMany;
    }

    private boolean isFullFor(String endpoint) {
        return registrations.size() >= maxRegistrations && registrations.getRegistrationByEndpoint(endpoint) == null;
    }

    @Override
    public Authorization isAuthorized(
            UplinkRequest<?> request, Registration registration, LwM2mPeer sender, EndpointUri uri) {
        Optional<Refused> refused = refusal(registration.getEndpoint(), sender);
        if (refused.isEmpty() && request instanceof RegisterRequest && isFullFor(registration.getEndpoint())) {
            // Another one has taken the last place since the door was passed.
            refused = Optional.of(Refused.TOO_MANY);
        }
        refused.ifPresent(metrics::refused);
        return refused.isPresent() ? Authorization.declined() : Authorization.approved();
    }

    /** Whose key or certificate it is: the name of a device that does not say it when it registers, as it need not. */
    @Override
    public String getEndpointName(LwM2mIdentity identity) {
        if (identity instanceof PskIdentity psk) {
            return directory
                    .byPskIdentity(psk.getPskIdentity())
                    .map(device -> device.id().value())
                    .orElse(null);
        }
        return identity instanceof X509Identity x509 ? x509.getX509CommonName() : null;
    }

    @Override
    public SecurityInfo getByEndpoint(String endpoint) {
        for (Credential credential :
                device(endpoint).map(EdgeDevice::credentials).orElse(java.util.List.of())) {
            if (credential instanceof Credential.Psk psk) {
                return info(endpoint, psk);
            } else if (credential instanceof Credential.X509) {
                return SecurityInfo.newX509CertInfo(endpoint);
            }
        }
        return null;
    }

    @Override
    public SecurityInfo getByIdentity(String identity) {
        Optional<EdgeDevice> device = directory.byPskIdentity(identity);
        for (Credential credential : device.map(EdgeDevice::credentials).orElse(java.util.List.of())) {
            if (credential instanceof Credential.Psk psk && psk.identity().equals(identity)) {
                return info(device.get().id().value(), psk);
            }
        }
        return null;
    }

    @Override
    public SecurityInfo getByOscoreIdentity(OscoreIdentity identity) {
        return null;
    }

    private static SecurityInfo info(String endpoint, Credential.Psk psk) {
        return SecurityInfo.newPreSharedKeyInfo(
                endpoint, psk.identity(), HexFormat.of().parseHex(psk.keyHex()));
    }
}
