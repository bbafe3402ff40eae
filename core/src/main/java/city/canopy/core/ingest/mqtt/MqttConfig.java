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
                            "Authorities that sign client certificates, PEM, besides the installation's own, which signs those of"
                                    + " gateways.")
            Path clientCa,

            @Key(
                    value = "false",
                    doc =
                            "Whether the door makes itself a certificate by the installation's own authority where cert is not"
                                    + " set. Gateways trust it; other devices must be given data.dir/ca/ca.pem.")
            boolean own,

            @Key(
                    doc =
                            "The name or address by which gateways reach this door; they are told it at their enrolment, and it"
                                    + " stands in the door's own certificate. Empty: mqtt.host or, where that is all addresses,"
                                    + " the name by which they called for their enrolment.")
            String reachedAs) {

        /** No TLS. */
        public static MqttTls off() {
            return new MqttTls(-1, null, null, null, false, "");
        }

        public MqttTls {
            checkPort("port", port);
            if ((cert == null) != (key == null)) {
                throw new IllegalArgumentException("cert and key are set together, or neither");
            }
            if (clientCa != null && cert == null && !own) {
                throw new IllegalArgumentException("client_ca needs cert and key as well, or own: true");
            }
            if (own && cert != null) {
                throw new IllegalArgumentException("own makes a certificate: leave it out where cert and key are set");
            }
            reachedAs = reachedAs == null ? "" : reachedAs.strip();
        }

        /** Whether there is a certificate to show. */
        public boolean isSet() {
            return cert != null;
        }

        /** The same with the files that the door is to use. */
        public MqttTls with(Path chain, Path itsKey, Path trusted) {
            return new MqttTls(port, chain, itsKey, trusted, false, reachedAs);
        }
    }

    public MqttConfig {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host must be an address, such as 127.0.0.1 or 0.0.0.0");
        }
        checkPort("port", port);
        checkPort("ws_port", wsPort);
    }

    /** The same with TLS like this. */
    public MqttConfig with(MqttTls other) {
        return new MqttConfig(host, port, wsPort, other, connections, limits);
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
