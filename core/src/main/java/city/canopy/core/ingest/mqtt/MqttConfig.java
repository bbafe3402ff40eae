package city.canopy.core.ingest.mqtt;

import city.canopy.devices.config.Key;
import java.nio.file.Path;

/** Where the MQTT door listens, and its bounds. */
public record MqttConfig(
        @Key(value = "127.0.0.1", doc = "The address that MQTT listens on; 0.0.0.0 for all.")
        String host,

        @Key(value = "1883", doc = "The port of plain MQTT; 0 takes a free one, off has none.")
        int port,

        @Key(
                value = "off",
                doc = "The port of MQTT over WebSocket (path /mqtt, subprotocol mqtt; wss when mqtt.tls.cert is set);"
                        + " 0 takes a free one, off has none.")
        int wsPort,

        MqttTls tls,
        MqttConnections connections,
        MqttLimits limits) {

    /** How MQTT is encrypted. */
    public record MqttTls(
            @Key(
                    value = "8883",
                    doc = "The port of MQTT over TLS, once mqtt.tls.cert is set; 0 takes a free one, off has none.")
            int port,

            @Key(doc = "The certificate chain, PEM. None: no TLS.")
            Path cert,

            @Key(doc = "The private key of the certificate, PEM (PKCS#8), without a password.")
            Path key,

            @Key(
                    doc =
                            "The authorities that sign client certificates, PEM. None: client certificates are not asked for.")
            Path clientCa) {

        /** No TLS. */
        public static MqttTls off() {
            return new MqttTls(-1, null, null, null);
        }

        public MqttTls {
            checkPort("port", port);
            if ((cert == null) != (key == null)) {
                throw new IllegalArgumentException("cert and key are set together, or neither");
            }
            if (clientCa != null && cert == null) {
                throw new IllegalArgumentException("client_ca needs cert and key as well");
            }
        }

        /** Whether there is a certificate to show. */
        public boolean isSet() {
            return cert != null;
        }
    }

    public MqttConfig {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host must be an address, such as 127.0.0.1 or 0.0.0.0");
        }
        checkPort("port", port);
        checkPort("ws_port", wsPort);
    }

    /** Plain MQTT on a free port of the loopback, with the limits' defaults. */
    public static MqttConfig onFreePort() {
        return new MqttConfig("127.0.0.1", 0, -1, MqttTls.off(), MqttConnections.defaults(), MqttLimits.defaults());
    }

    private static void checkPort(String key, int port) {
        if (port < -1 || port > 65_535) {
            throw new IllegalArgumentException(key + " must be 0 to 65535 or off, not " + port);
        }
    }
}
