package city.canopy.core.app;

import java.io.PrintWriter;

/** What a person at the terminal is told. */
final class Console {
    private static final int BAR = 40;

    private final PrintWriter out;
    private final boolean terminal;
    /** Whether a bar stands in the last line. */
    private boolean open;

    Console(PrintWriter out) {
        this(out, System.console() != null);
    }

    /** @param terminal whether a line may be written over */
    Console(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    synchronized void line(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** What is going on just now, until the next line; told on a terminal only. */
    synchronized void passing(String text) {
        if (terminal) {
            redraw(text, false);
        }
    }

    /** Takes away what was passing. */
    synchronized void clear() {
        if (open) {
            out.print("\r\u001b[K");
            out.flush();
            open = false;
        }
    }

    /** A bar for something that takes a while: it moves on a terminal; elsewhere there is a line for each tenth. */
    Progress progress(String what) {
        return new Progress(what);
    }

    private synchronized void redraw(String text, boolean last) {
        out.print("\r\u001b[K" + text);
        if (last) {
            out.println();
        }
        open = !last;
        out.flush();
    }

    /** How far something has come. Any thread. */
    final class Progress {
        private final String what;
        private int shown = -1;

        private Progress(String what) {
            this.what = what;
        }

        /** @param share of the whole, 0 to 1 */
        synchronized void reached(double share) {
            int percent = (int) Math.floor(100 * Math.max(0, Math.min(1, share)));
            int step = terminal ? 1 : 10;
            if (percent / step <= shown / step && shown >= 0) {
                return;
            }
            shown = percent;
            if (terminal) {
                int full = percent * BAR / 100;
                redraw(what + " [" + "#".repeat(full) + "-".repeat(BAR - full) + "] " + percent + " %", percent == 100);
            } else {
                line(what + ": " + percent + " %");
            }
        }
    }

    /** Where the service is and, at the first start, how to log in. */
    void ready(Service service) {
        String scheme = service.config().http().tls().isOn() ? "https" : "http";
        line("Canopy is ready: " + scheme + "://localhost:" + service.httpPort() + "/   MQTT on port "
                + service.mqttPort());
        service.firstPassword().ifPresent(password -> {
            line("");
            line("  Log in as  admin  with the password  " + password);
            line("  It is shown this once; change it after the first log-in.");
            line("");
        });
    }
}
