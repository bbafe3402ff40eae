package city.canopy.core.app;

import city.canopy.core.ingest.LineConfig;
import city.canopy.core.ingest.mqtt.MqttConfig;
import city.canopy.core.ingest.paho.BrokerConfig;
import city.canopy.devices.config.Key;
import city.canopy.devices.config.Secret;
import city.canopy.geo.crs.WorkingPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** All of {@code canopy.yaml}. Every key has a default; {@code docs/configuration.md} is written from here. */
public record CoreConfig(
        Data data,
        Http http,
        MqttConfig mqtt,
        DatabaseKeys database,
        List<BrokerConfig> brokers,
        Site site,
        MapKeys map,
        Security security,
        LineConfig line,
        Retention retention,
        Webhooks webhooks,
        Log log,
        Lwm2m lwm2m,
        Demo demo) {

    /** As the demo needs it: its gateway logs in over TLS, with a certificate of the installation's own authority. */
    CoreConfig forDemo() {
        MqttConfig.MqttTls tls = mqtt.tls();
        if (tls.isSet() || tls.own()) {
            return this;
        }
        MqttConfig.MqttTls own = new MqttConfig.MqttTls(0, null, null, null, true, "127.0.0.1");
        return new CoreConfig(
                data,
                http,
                mqtt.with(own),
                database,
                brokers,
                site,
                map,
                security,
                line,
                retention,
                webhooks,
                log,
                lwm2m,
                demo);
    }

    /** Where everything is kept. */
    public record Data(
            @Key(
                    value = "./canopy-data",
                    doc = "The folder that holds the database, keys and packs. It must be writable.")
            Path dir,

            @Key(
                    value = "2147483648",
                    doc =
                            "Free bytes (or 10 % of the disk, whichever is less) under which devices are slowed and the health"
                                    + " page says so.")
            long slowBelow,

            @Key(
                    value = "536870912",
                    doc = "Free bytes (or 5 % of the disk, whichever is less) under which nothing more is taken.")
            long stopBelow) {}

    /** TLS for one door; PEM files. */
    public record Tls(
            @Key(doc = "Certificate chain, PEM. With `key` it turns TLS on.")
            Path cert,

            @Key(doc = "Private key, PEM, PKCS#8, not encrypted.")
            Path key) {
        public Tls {
            if ((cert == null) != (key == null)) {
                throw new IllegalArgumentException("cert and key belong together: give both, or neither");
            }
        }

        public boolean isOn() {
            return cert != null;
        }
    }

    /** Pages and API. */
    public record Http(
            @Key(
                    doc =
                            "The address to listen on. Empty: 127.0.0.1 in `demo`, all addresses in `serve`. Without TLS or a"
                                    + " trusted proxy `serve` listens on loopback only, whatever stands here.")
            String host,

            @Key(value = "8080", doc = "0 takes a free one.")
            int port,

            Tls tls,

            @Key(doc = "Addresses of proxies whose X-Forwarded headers are believed.")
            List<String> trustedProxies,

            @Key(value = "10000", doc = "Connections at once; more are closed as they come.")
            int maxConnections) {}

    /** PostgreSQL. */
    public record DatabaseKeys(
            @Key(
                    value = "embedded",
                    doc = "`embedded`, or a `jdbc:postgresql:` URL. TimescaleDB is used where it is there.")
            String url,

            @Key(doc = "User name for a `jdbc:` URL.") String user,
            @Key(doc = "Password for a `jdbc:` URL.") Secret password,

            @Key(value = "10", doc = "Connections for pages and API, 1 to 200; each partition has one more.")
            int pool,

            @Key(value = "256", doc = "Embedded only: its page cache in MB, 16 to 65536.")
            int sharedBuffersMb,

            @Key(value = "4096", doc = "Embedded only: log between two checkpoints in MB, 64 to 1048576.")
            int maxWalSizeMb) {
        public boolean isEmbedded() {
            return url.equals("embedded");
        }
    }

    /** The place that is looked after. */
    public record Site(
            @Key(value = "Asia/Ho_Chi_Minh", doc = "The days of roll-ups and reports begin at its midnight.")
            ZoneId timezone,

            @Key(value = "105.85", doc = "Longitude, in degrees, of the middle of the operating area.")
            double lon,

            @Key(value = "21.47", doc = "Latitude, in degrees, of the middle of the operating area.")
            double lat) {
        public Site {
            if (!(lon >= -180 && lon <= 180 && lat >= -85 && lat <= 85)) {
                throw new IllegalArgumentException("lon must be -180 to 180 and lat -85 to 85");
            }
        }

        /** The plane of the operating area, in which everything is measured. */
        WorkingPlane plane() {
            return WorkingPlane.centredOn(lon, lat);
        }
    }

    /** The map page. */
    public record MapKeys(
            @Key(
                    doc =
                            "A PMTiles archive of vector tiles by the Protomaps schema, drawn below all layers: a file name, from"
                                    + " `data.dir` when it is not absolute. Empty: wards and the city's own layers only.")
            Path basemap) {
        /** The archive, if one is named. */
        Optional<Path> basemapFile(Path dataDir) {
            return Optional.ofNullable(basemap).map(dataDir::resolve);
        }
    }

    /** First credentials. */
    public record Security(
            @Key(
                    doc =
                            "At the first start an API token of this value with an administrator's rights is made, so that an"
                                    + " installation can be scripted; 24 characters or more; stored hashed. Revoke it afterwards.")
            Secret bootstrapToken) {
        public Security {
            if (bootstrapToken.isSet() && bootstrapToken.value().length() < 24) {
                throw new IllegalArgumentException("bootstrap_token must have 24 characters or more");
            }
        }
    }

    /** How long things are kept. */
    public record Retention(
            @Key(value = "P400D", doc = "Readings, P1D to P3650D. Older ones are refused at the door.")
            Duration readings,

            @Key(value = "P30D", doc = "Raw frames, P1D to P3650D.")
            Duration frames,

            @Key(value = "P7D", doc = "Announced events, for clients that come back.")
            Duration events,

            @Key(value = "P90D", doc = "Messages in quarantine, since they last came; P1D to P3650D.")
            Duration quarantine) {
        public Retention {
            if (quarantine.compareTo(Duration.ofDays(1)) < 0 || quarantine.compareTo(Duration.ofDays(3_650)) > 0) {
                throw new IllegalArgumentException("quarantine must be P1D to P3650D, not " + quarantine);
            }
        }
    }

    /** Calls out. */
    public record Webhooks(
            @Key(doc = "Host names that webhooks may reach although they are loopback or private addresses.")
            List<String> allow) {}

    /** The log on standard output. */
    public record Log(
            @Key(value = "text", doc = "`text` for people, `json` for machines: one object a line.")
            LogFormat format) {}

    /** Forms of a log line. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** Ports of the gateway inside `demo`. */
    public record Lwm2m(
            @Key(
                    value = "5683",
                    doc =
                            "CoAP port of the gateway in `demo`; 0 takes a free one. A gateway of its own has gateway.yaml.")
            int port,

            @Key(value = "5684", doc = "CoAP over DTLS port of the gateway in `demo`; 0 takes a free one.")
            int dtlsPort) {
        public Lwm2m {
            if (port < 0 || port > 65_535 || dtlsPort < 0 || dtlsPort > 65_535) {
                throw new IllegalArgumentException("port and dtls_port must be 0 to 65535");
            }
        }
    }

    /** The generated city. */
    public record Demo(
            @Key(value = "1500", doc = "Simulated devices, 10 to 10000.")
            int devices,

            @Key(value = "20000", doc = "Generated trees, 10 to 250000.")
            int trees,

            @Key(value = "20250701", doc = "The seed of city and fleet: the same seed gives the same city.")
            long seed,

            @Key(
                    value = "90",
                    doc =
                            "How many days of generated readings and tickets a new demo has behind it, 0 to 366; 0 for none.")
            int historyDays) {
        public Demo {
            if (devices < 10 || devices > 10_000) {
                throw new IllegalArgumentException("devices must be 10 to 10000, not " + devices);
            }
            if (trees < 10 || trees > 250_000) {
                throw new IllegalArgumentException("trees must be 10 to 250000, not " + trees);
            }
            if (historyDays < 0 || historyDays > 366) {
                throw new IllegalArgumentException("history_days must be 0 to 366, not " + historyDays);
            }
        }
    }
}
