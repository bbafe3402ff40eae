package city.canopy.gateway.app;

import city.canopy.devices.config.Key;
import city.canopy.devices.config.Secret;
import city.canopy.gateway.lwm2m.LwM2mConfig;
import city.canopy.gateway.mqtt.LocalMqttConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** All that can be set in {@code gateway.yaml}. */
public record GatewayConfig(
        Data data, Service service, Store store, LwM2mConfig lwm2m, LocalMqttConfig mqtt, Http http, Log log) {
    /** Where it keeps what it keeps. */
    public record Data(
            @Key(value = "./canopy-gateway-data", doc = "The folder of the store, the state and the identity.")
            Path dir) {}

    /** Where the service is. */
    public record Service(
            @Key(
                    value = "http://127.0.0.1:8080",
                    doc = "Where the service answers by HTTP: for the enrolment, and to ask what time it is.")
            String url,

            @Key(
                    doc =
                            "HOST:PORT of the service's MQTT over TLS, where it is not what was told at the enrolment (any"
                                    + " more). The name must stand in the service's certificate.")
            String mqtt,

            @Key(
                    doc = "The one-time token of the enrolment. Needed at the first start alone; the environment is the"
                            + " place for it.")
            Secret token,

            @Key(
                    value = "PT15S",
                    doc =
                            "The longest wait before the next try to reach the service; shorter by chance, by half at most. It tries"
                                    + " at once when the service's port answers again. PT1S to PT10M.")
            Duration retry) {
        private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);
        private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

        public Service {
            if (retry.compareTo(SHORTEST_RETRY) < 0 || retry.compareTo(LONGEST_RETRY) > 0) {
                throw new IllegalArgumentException("retry must be PT1S to PT10M, not " + retry);
            }
            URI uri = URI.create(url);
            if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                throw new IllegalArgumentException("url must be http://HOST or https://HOST, not " + url);
            }
            mqtt = mqtt == null ? "" : mqtt.strip();
            if (!mqtt.isEmpty() && !mqtt.matches(".+:\\d{1,5}")) {
                throw new IllegalArgumentException(
                        "mqtt must be HOST:PORT, such as canopy.example.vn:8883, not " + mqtt);
            }
        }
    }

    /** The store of what waits for the uplink. */
    public record Store(
            @Key(
                    value = "17179869184",
                    doc =
                            "The most bytes that messages take on disk; when they do, devices are refused. 16 GiB hold a week"
                                    + " at 200 small messages a second. 134217728 (128 MiB) or more.")
            long bytes,

            @Key(
                    value = "false",
                    doc =
                            "Whether, when it is full, every other of the oldest telemetry messages of each device is left out"
                                    + " to make room, and counted, so that devices are not refused for long.")
            boolean thin) {
        private static final long LEAST = 128L << 20;

        public Store {
            if (bytes < LEAST) {
                throw new IllegalArgumentException("bytes must be " + LEAST + " or more, not " + bytes);
            }
        }
    }

    /** The gateway's own small page. */
    public record Http(
            @Key(value = "127.0.0.1", doc = "The address of the status page; it shows no secrets and takes no log-in.")
            String host,

            @Key(value = "8090", doc = "The port of the status page and of /metrics; 0 takes a free one, off has none.")
            int port) {
        public Http {
            if (port < -1 || port > 65_535) {
                throw new IllegalArgumentException("port must be 0 to 65535 or off, not " + port);
            }
        }
    }

    /** How it logs. */
    public record Log(
            @Key(value = "text", doc = "text, or json for one object a line.")
            Format format) {
        /** The forms of a line. */
        public enum Format {
            TEXT,
            JSON
        }
    }
}
