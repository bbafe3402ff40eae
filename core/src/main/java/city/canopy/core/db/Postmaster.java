package city.canopy.core.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A running server, as its {@code postmaster.pid} tells.
 *
 * @param pid the process that leads it
 * @param port its TCP port; 0 while it has not written one
 * @param ready whether it takes connections
 */
record Postmaster(long pid, int port, boolean ready) {
    private static final int LINE_PORT = 3;
    private static final int LINE_STATUS = 7;

    /** The server that runs on a cluster folder; empty where none does, whatever a stale file says. */
    static Optional<Postmaster> find(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve("postmaster.pid"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        if (lines.isEmpty() || !lines.get(0).strip().matches("-?\\d{1,10}")) {
            return Optional.empty();
        }
        long pid = Math.abs(Long.parseLong(lines.get(0).strip()));
        if (!isPostgresOn(pid, cluster)) {
            return Optional.empty();
        }
        boolean ready =
                lines.size() > LINE_STATUS && lines.get(LINE_STATUS).strip().equals("ready");
        int port =
                lines.size() > LINE_PORT ? Integer.parseInt(lines.get(LINE_PORT).strip()) : 0;
        return Optional.of(new Postmaster(pid, port, ready));
    }

    boolean isAlive() {
        return isAlive(pid);
    }

    /** Whether a process runs; one that only waits to be reaped does not. */
    static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2;
            return stat.length() > state && stat.charAt(state) != 'Z' && stat.charAt(state) != 'X';
        } catch (IOException gone) {
            return false;
        }
    }

    /** Process ids are used again: only a postgres that was started on this very folder counts. */
    private static boolean isPostgresOn(long pid, Path cluster) {
        if (!isAlive(pid)) {
            return false;
        }
        try {
            String line =
                    Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
            List<String> words = List.of(line.split("\0"));
            return words.get(0).endsWith("postgres") && words.contains(cluster.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
