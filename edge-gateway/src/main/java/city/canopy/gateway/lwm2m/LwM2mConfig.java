package city.canopy.gateway.lwm2m;

import city.canopy.devices.config.Key;
import city.canopy.devices.envelope.EnvelopeJson;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The LwM2M door of a gateway.
 *
 * @param port of CoAP; 0 takes a free one, -1 is off
 * @param dtlsPort of CoAP over DTLS; the same
 */
public record LwM2mConfig(
        @Key(value = "0.0.0.0", doc = "The address that LwM2M devices reach the gateway at.")
        String host,

        @Key(
                value = "5683",
                doc = "The UDP port for CoAP without encryption, for devices without a credential; `off` for none.")
        int port,

        @Key(value = "5684", doc = "The UDP port for CoAP over DTLS (pre-shared key, X.509); `off` for none.")
        int dtlsPort,

        @Key(
                doc =
                        "The gateway's certificate for DTLS with X.509, a PEM file of an elliptic curve key (P-256). Without one"
                                + " the gateway makes its own and keeps it.")
        Path certificate,

        @Key(doc = "The key of that certificate, a PEM file in PKCS#8.")
        Path privateKey,

        @Key(
                value = "20000",
                doc = "The most devices that are registered at a time; further ones are refused. 1 to 100000.")
        int maxRegistrations,

        @Key(
                value = "65536",
                doc = "The longest payload of a Send or notification in bytes; longer ones are refused"
                        + " (4.13). 1024 to 131072.")
        int maxPayload,

        @Key(
                value = "PT93S",
                doc = "How long a device in queue mode listens after it was heard, before it is taken to be"
                        + " asleep. PT1S to PT10M.")
        Duration awake) {

    /** Switches a port off. */
    public static final int OFF = -1;

    /** @throws IllegalArgumentException when a value is out of its limits or both ports are off */
    public LwM2mConfig {
        if (port == OFF && dtlsPort == OFF) {
            throw new IllegalArgumentException(
                    "port and dtls_port are both off; switch one on, or LwM2M off as a whole");
        }
        if (port < OFF || port > 65_535 || dtlsPort < OFF || dtlsPort > 65_535) {
            throw new IllegalArgumentException("port and dtls_port lie between 0 and 65535, or are off");
        }
        if ((certificate == null) != (privateKey == null)) {
            throw new IllegalArgumentException("certificate and private_key go together; name both or none");
        }
        if (maxRegistrations < 1 || maxRegistrations > 100_000) {
            throw new IllegalArgumentException("max_registrations lies between 1 and 100000, not " + maxRegistrations);
        }
        if (maxPayload < 1024 || maxPayload > EnvelopeJson.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "max_payload lies between 1024 and " + EnvelopeJson.MAX_PAYLOAD + ", not " + maxPayload);
        }
        if (awake.compareTo(Duration.ofSeconds(1)) < 0 || awake.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("awake lies between PT1S and PT10M, not " + awake);
        }
    }
}
