package city.canopy.core.http;

import java.time.Duration;

/** Remembers, for 24 hours, how a write with an {@code Idempotency-Key} was answered. Blocking. */
public interface Idempotency {
    /** How long an answer is kept. */
    Duration KEPT = Duration.ofHours(24);

    /** What is known of a key. */
    sealed interface Known {
        /** Nothing: the request is to be carried out, and this call has noted that it is on its way. */
        record Fresh() implements Known {}

        /** The same request was answered so. */
        record Answered(Answer answer) implements Known {}

        /** The same request is being carried out just now. */
        record UnderWay() implements Known {}

        /** The key was used for another request. */
        record Different() implements Known {}
    }

    /**
     * Looks the key up, and notes it when it is new.
     *
     * @param actor whose key it is
     * @param key as the client chose it, 1 to 255 characters
     * @param request stands for method, path, query and body: a digest of them
     */
    Known begin(String actor, String key, byte[] request);

    /** The request was answered so. */
    void finish(String actor, String key, Answer answer);

    /** The request failed on our side: the key is free again. */
    void forget(String actor, String key);

    /** Drops what is older than {@link #KEPT}. */
    void sweep();
}
