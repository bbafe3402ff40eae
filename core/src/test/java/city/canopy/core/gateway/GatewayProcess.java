package city.canopy.core.gateway;

import city.canopy.gateway.app.GatewayMain;
import city.canopy.gateway.enrol.Enrolment;
import city.canopy.gateway.enrol.Identity;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real gateway in a JVM of its own, to be killed and started again on its folder, and to be left without disk. */
final class GatewayProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern COAP = Pattern.compile("  LwM2M +coap (\\d+), coaps ");
    private static final Pattern MQTT = Pattern.compile("  MQTT +(\\d+), TLS off");
    private static final Pattern HTTP = Pattern.compile("  Status page +http://\\S+:(\\d+)/");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final URI service;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private volatile int coapPort;
    private volatile int mqttPort;
    private volatile int httpPort;

    /** Enrols it; {@link #start} starts it. */
    GatewayProcess(Path folder, URI service, String token) throws IOException, InterruptedException {
        this.folder = folder;
        this.service = service;
        new Enrolment(service, folder).enrol(token);
    }

    /** From the next start on it takes this for the port of the service's MQTT door. */
    void uplinkAt(int port) throws IOException {
        Path file = folder.resolve(Identity.FILE);
        ObjectNode identity = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
        ((ObjectNode) identity.path("mqtt")).put("port", port);
        Files.write(file, JSON.writeValueAsBytes(identity));
    }

    /** Starts it and waits until its doors are open. */
    void start() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                GatewayMain.class.getName()));
        builder.environment()
                .putAll(Map.of(
                        "CANOPY_GATEWAY_DATA_DIR", folder.toString(),
                        "CANOPY_GATEWAY_SERVICE_URL", service.toString(),
                        "CANOPY_GATEWAY_LWM2M_HOST", "127.0.0.1",
                        "CANOPY_GATEWAY_LWM2M_PORT", "0",
                        "CANOPY_GATEWAY_LWM2M_DTLS_PORT", "0",
                        "CANOPY_GATEWAY_MQTT_HOST", "127.0.0.1",
                        "CANOPY_GATEWAY_MQTT_PORT", "0",
                        "CANOPY_GATEWAY_HTTP_PORT", "0"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        int before = logged().length();
        process = builder.start();
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (told(before, HTTP) == 0) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IOException("the gateway did not start; its log ends with:\n" + tail());
            }
            Thread.sleep(20);
        }
        coapPort = told(before, COAP);
        mqttPort = told(before, MQTT);
        httpPort = told(before, HTTP);
    }

    private String logged() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    /** The port that it has said; 0 before. */
    private int told(int before, Pattern what) throws IOException {
        String logged = logged();
        Matcher told = what.matcher(logged).region(before, logged.length());
        return told.find() ? Integer.parseInt(told.group(1)) : 0;
    }

    /** What it has logged since the first start. */
    Path log() {
        return folder.resolveSibling("gateway.log");
    }

    String tail() throws IOException {
        List<String> lines = logged().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    int coapPort() {
        return coapPort;
    }

    int mqttPort() {
        return mqttPort;
    }

    /** SIGKILL: nothing of it runs on. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** The kernel lets none of its files grow longer than its messages are now, and a little. */
    void fillDisk(long leftBytes) throws IOException, InterruptedException {
        long longest = 0;
        try (Stream<Path> files = Files.list(folder.resolve("messages"))) {
            for (Path file : files.toList()) {
                longest = Math.max(longest, Files.size(file));
            }
        }
        limitFiles(Long.toString(longest + leftBytes));
    }

    /** There is room again. */
    void emptyDisk() throws IOException, InterruptedException {
        limitFiles("unlimited");
    }

    private void limitFiles(String bytes) throws IOException, InterruptedException {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        if (limit.waitFor() != 0) {
            throw new IOException("prlimit cannot limit the length of the gateway's files");
        }
    }

    /** How it is doing, as its status page has it. */
    JsonNode status() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/status.json"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            process.onExit()
                    .orTimeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }
}
