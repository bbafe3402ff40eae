package city.canopy.gateway.forward;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits between two tries, and not longer than until the service can be reached again: every two seconds it opens a TCP
 * connection and closes it. Only a change ends the wait; a service that is there and refuses is not asked any oftener.
 * One thread.
 */
final class ReachProbe {
    private static final Logger log = LoggerFactory.getLogger(ReachProbe.class);
    private static final long EVERY_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 1_000;

    private final String host;
    private final int port;

    ReachProbe(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * Waits.
     *
     * @param away whether the service could not be reached just now
     */
    void await(long millis, boolean away) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean wasAway = away;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.MILLISECONDS.sleep(Math.min(EVERY_MILLIS, left / 1_000_000 + 1));
            if (end - System.nanoTime() <= 0) {
                return;
            }
            if (!isReached()) {
                wasAway = true;
            } else if (wasAway) {
                log.info("the service can be reached again");
                return;
            }
        }
    }

    private boolean isReached() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), ANSWER_MILLIS);
            return true;
        } catch (IOException e) {
            log.trace("not there: {}", e.getMessage());
            return false;
        }
    }
}
