package city.canopy.gateway.mqtt;

import city.canopy.devices.config.Key;
import java.nio.file.Path;

/** Where the gateway listens for MQTT of the ward's own network, and its bounds. */
public record LocalMqttConfig(
        @Key(value = "0.0.0.0", doc = "The address that MQTT listens on; 127.0.0.1 for this machine alone.")
        String host,

        @Key(value = "1883", doc = "The port of MQTT without TLS; 0 takes a free one, off has none.")
        int port,

        @Key(value = "off", doc = "The port of MQTT over TLS (8883 is usual); needs tls_cert and tls_key.")
        int tlsPort,

        @Key(doc = "The certificate chain that devices are shown, PEM.")
        Path tlsCert,

        @Key(doc = "Its private key, PEM (PKCS#8), without a password.")
        Path tlsKey,

        @Key(value = "5000", doc = "The most connections; more are refused.")
        int connections,

        @Key(value = "131072", doc = "The longest message in bytes; who sends a longer one is disconnected.")
        int messageBytes,

        @Key(
                value = "100",
                doc =
                        "The most unacknowledged messages of one client; MQTT 5 clients are told, others are disconnected.")
        int inFlight) {
    /** The longest message that fits into an envelope. */
    private static final int MOST_BYTES = 128 * 1024;

    public LocalMqttConfig {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host must be an address, such as 0.0.0.0 or 127.0.0.1");
        }
        checkPort("port", port);
        checkPort("tls_port", tlsPort);
        if (tlsPort >= 0 && (tlsCert == null || tlsKey == null)) {
            throw new IllegalArgumentException("tls_port needs tls_cert and tls_key");
        }
        if (connections < 1 || inFlight < 1 || inFlight > 65_535) {
            throw new IllegalArgumentException("connections and in_flight must be 1 or more, in_flight at most 65535");
        }
        if (messageBytes < 1_024 || messageBytes > MOST_BYTES) {
            throw new IllegalArgumentException("message_bytes must be between 1024 and " + MOST_BYTES);
        }
    }

    private static void checkPort(String key, int port) {
        if (port < -1 || port > 65_535) {
            throw new IllegalArgumentException(key + " must be 0 to 65535 or off, not " + port);
        }
    }
}
