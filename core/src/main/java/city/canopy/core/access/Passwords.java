package city.canopy.core.access;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * People's passwords, as Argon2id (RFC 9106: 19 MiB, two passes, one lane). A check takes some tens of milliseconds and
 * 19 MiB, so only two run at once; the rest wait their turn, for five seconds at most, so that a storm of log-ins can
 * neither eat the memory nor hold the worker threads. Blocking; any worker thread.
 */
final class Passwords {
    static final int SHORTEST = 10;
    static final int LONGEST = 200;

    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    private static final int PATIENCE_SECONDS = 5;

    private final Semaphore atOnce = new Semaphore(2, true);
    private final String nobody = hash("a password that nobody has");

    String hash(String password) {
        return limited(
                () -> Password.hash(password).addRandomSalt(16).with(ARGON2ID).getResult());
    }

    /**
     * Whether the password is the one behind the hash.
     *
     * @param hash null where there is no such person; it takes as long all the same
     */
    boolean matches(String password, String hash) {
        boolean same = limited(() -> Password.check(password, hash == null ? nobody : hash)
                .with(Argon2Function.getInstanceFromHash(hash == null ? nobody : hash)));
        return same && hash != null;
    }

    private <T> T limited(java.util.function.Supplier<T> work) {
        try {
            if (!atOnce.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new BusyException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException();
        }
        try {
            return work.get();
        } finally {
            atOnce.release();
        }
    }
}
