package city.canopy.core.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A few connections that ask one thing after the other, each as soon as the last answer is there. */
final class HttpLoad {
    private final int port;
    private final int connections;
    private final String headers;

    HttpLoad(int port, int connections) {
        this(port, connections, "");
    }

    /** @param headers of every request beside its host, each with its end of line */
    HttpLoad(int port, int connections, String headers) {
        this.port = port;
        this.connections = connections;
        this.headers = headers;
    }

    /**
     * What came of it.
     *
     * @param perSecond answers
     * @param millis how long each took
     * @param bytes of bodies in all
     */
    record Result(double perSecond, Latencies millis, long bytes) {}

    /** Asks for these paths in turn, for so long. */
    Result run(List<String> paths, double seconds) throws InterruptedException {
        return run(number -> paths.get(number % paths.size()), seconds);
    }

    /** Asks for the first path, the second, and so on, for so long. */
    Result run(IntFunction<String> paths, double seconds) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Result>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> ask(paths, next, end)));
            }
            Latencies all = new Latencies();
            long bytes = 0;
            for (Future<Result> one : running) {
                all.add(one.get().millis());
                bytes += one.get().bytes();
            }
            return new Result(all.total() * 1e9 / (System.nanoTime() - start), all, bytes);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the server cannot be asked: " + e.getCause().getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Result ask(IntFunction<String> paths, AtomicInteger next, long end) throws IOException {
        Latencies latencies = new Latencies();
        long bytes = 0;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            while (System.nanoTime() < end) {
                String path = paths.apply(next.getAndIncrement());
                long asked = System.nanoTime();
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                bytes += read(in, path);
                latencies.add(System.nanoTime() - asked);
            }
        }
        return new Result(0, latencies, bytes);
    }

    private static long read(InputStream in, String path) throws IOException {
        String status = line(in);
        long length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Long.parseLong(header.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        if (!status.contains(" 200 ") && !status.contains(" 204 ")) {
            throw new IOException(path + " was answered with " + status);
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
