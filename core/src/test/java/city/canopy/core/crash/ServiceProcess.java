package city.canopy.core.crash;

import city.canopy.core.app.CoreMain;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** The real service in a JVM of its own, on embedded defaults in a folder, to be killed and started again. */
public final class ServiceProcess implements AutoCloseable {
    static final String TOKEN = "crash-test-bootstrap-token-0001";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final String settings;
    private final Map<String, String> environment;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    /**
     * @param folder its data folder; what lies there already is gone on with
     * @param settings further lines of its configuration
     */
    ServiceProcess(Path folder, String settings) {
        this(folder, settings, Map.of());
    }

    /** @param environment what it says of the configuration stands above the settings */
    public ServiceProcess(Path folder, String settings, Map<String, String> environment) {
        this.folder = folder;
        this.settings = settings;
        this.environment = environment;
    }

    /** Starts it and waits until it is ready. */
    public void start() throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("ports.json"));
        Path config = folder.resolveSibling(folder.getFileName() + ".yaml");
        Files.writeString(config, """
                data: {dir: "%s"}
                http: {host: 127.0.0.1, port: 0}
                mqtt: {host: 127.0.0.1, port: 0}
                database: {shared_buffers_mb: 64, max_wal_size_mb: 512}
                security: {bootstrap_token: %s}
                %s
                """.formatted(folder, TOKEN, settings));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx384m",
                "-cp",
                classPath,
                CoreMain.class.getName(),
                "serve",
                "--config",
                config.toString()));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process = builder.start();
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(folder.resolve("ports.json"))) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IOException("the service did not start; its log ends with:\n" + tail());
            }
            Thread.sleep(50);
        }
    }

    Path log() {
        return folder.resolveSibling(folder.getFileName() + ".log");
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    /** SIGKILL: nothing of it runs on. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Kills the database under it: the postmaster, with SIGKILL. */
    void killDatabase() throws IOException {
        Path pidFile = postmasterPid();
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private Path postmasterPid() throws IOException {
        try (var files = Files.find(folder, 4, (path, attributes) -> path.endsWith("postmaster.pid"))) {
            return files.findFirst().orElseThrow(() -> new IOException("no postmaster.pid below " + folder));
        }
    }

    int mqttPort() {
        return port("mqtt");
    }

    private int port(String name) {
        try {
            return json.readTree(Files.readString(folder.resolve("ports.json")))
                    .get(name)
                    .asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call of the API as the administrator; the answer must be a success. */
    public JsonNode call(String method, String path, String contentType, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("http") + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", contentType)
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + " gave " + answer.statusCode() + ": " + answer.body());
        }
        return json.readTree(answer.body());
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return call("GET", path, "application/json", "");
    }

    /** A figure of its metrics, summed over all tags; 0 where there is none. */
    double metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("http") + "/metrics"))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(60))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Stops it in good order. */
    @Override
    public void close() throws IOException {
        if (process == null || !process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the service did not stop within 30 s of SIGTERM; its log ends with:\n" + tail());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
