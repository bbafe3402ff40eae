package city.canopy.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BenchGateway} in a process of its own, with 1 GB of heap. One thread. */
final class GatewayProcess implements AutoCloseable {
    private static final int PATIENCE_S = 60;

    private final Process process;
    private final BufferedReader answers;
    private final int port;
    private final int dtlsPort;

    /**
     * Starts it and waits until it listens.
     *
     * @param what {@link BenchGateway#GATEWAY} or {@link BenchGateway#BARE}
     * @param port of CoAP, as {@code dtlsPort} 0 for a free one
     * @throws IOException when it does not start; it has said why on standard error
     */
    GatewayProcess(String what, Path dir, Crowd crowd, int port, int dtlsPort) throws IOException {
        this.process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchGateway.class.getName(),
                        what,
                        dir.toString(),
                        String.valueOf(crowd.devices()),
                        String.valueOf(crowd.dtls()),
                        String.valueOf(port),
                        String.valueOf(dtlsPort)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String[] ports = read().split(" ");
        this.port = Integer.parseInt(ports[0]);
        this.dtlsPort = Integer.parseInt(ports[1]);
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the gateway's process has ended");
        }
        return line;
    }

    InetSocketAddress coap() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetSocketAddress coaps() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), dtlsPort);
    }

    /** The megabytes of its heap that are in use after a collection. */
    long heapMb() throws IOException {
        OutputStream in = process.getOutputStream();
        in.write('\n');
        in.flush();
        return Long.parseLong(read());
    }

    /** SIGKILL: nothing is closed, nothing is written any more. */
    void kill() {
        process.destroyForcibly();
        end(PATIENCE_S);
    }

    private boolean end(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway stopped", e);
        }
    }

    /** Lets it end by itself, or kills it when it does not. */
    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            process.getOutputStream().close();
        }
        if (!end(PATIENCE_S)) {
            kill();
            throw new IOException("the gateway did not stop within " + PATIENCE_S + " s");
        }
    }
}
