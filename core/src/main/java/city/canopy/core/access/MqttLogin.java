package city.canopy.core.access;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who connects over MQTT. Devices, integrations and API tokens are answered at once; people with a password on a
 * thread of the log-in's own, since Argon2 takes its time. Failed attempts count against the address.
 */
public interface MqttLogin {
    /**
     * Finds out who this is; never blocks, any thread.
     *
     * @param username the user name, or null
     * @param password the password's bytes, or null
     * @param clientCertificate the certificate whose key the client has proven to hold, or null
     * @param address the client's IP address as text
     * @return who it is, or empty when the proof is wrong, or when this address has failed too often lately
     */
    CompletionStage<Optional<Principal>> authenticate(
            String username, byte[] password, X509Certificate clientCertificate, String address);
}
