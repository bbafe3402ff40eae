package city.canopy.core.app;

import city.canopy.core.ingest.mqtt.MqttDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code data.dir/ports.json}: the ports in use, written once the service is ready. */
final class PortsFile {
    private static final Logger log = LoggerFactory.getLogger(PortsFile.class);

    private PortsFile() {}

    static void write(Path dir, int http, MqttDoor.Ports mqtt) {
        StringBuilder json = new StringBuilder("{\"http\": " + http);
        append(json, "mqtt", mqtt.mqtt());
        append(json, "mqtt_tls", mqtt.tls());
        append(json, "mqtt_ws", mqtt.ws());
        write(dir, json);
    }

    /** Adds those of the demo's gateway. */
    static void add(Path dir, int coap, int coaps) {
        try {
            String there = Files.readString(dir.resolve("ports.json")).strip();
            StringBuilder json = new StringBuilder(there.substring(0, there.length() - 1));
            append(json, "lwm2m", coap);
            append(json, "lwm2m_dtls", coaps);
            write(dir, json);
        } catch (IOException e) {
            throw new StartException("cannot read ports.json in " + dir + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path dir, StringBuilder json) {
        try {
            Path draft = dir.resolve("ports.json.new");
            Files.writeString(draft, json.append("}\n"));
            Files.move(draft, dir.resolve("ports.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartException("cannot write ports.json into " + dir + ": " + e.getMessage(), e);
        }
    }

    private static void append(StringBuilder json, String name, int port) {
        if (port >= 0) {
            json.append(", \"").append(name).append("\": ").append(port);
        }
    }

    static void remove(Path dir) {
        try {
            Files.deleteIfExists(dir.resolve("ports.json"));
        } catch (IOException e) {
            log.warn("ports.json stays behind: {}", e.getMessage());
        }
    }
}
