package city.canopy.core.series;

/**
 * What an append did inside a transaction that is still open. Exactly one of two things follows: the transaction commits
 * and {@link #adopt} is called, or it does not and the batch is forgotten.
 */
public final class Batch {
    private final Appended result;
    private final Runnable adoption;

    Batch(Appended result, Runnable adoption) {
        this.result = result;
        this.adoption = adoption;
    }

    public Appended result() {
        return result;
    }

    /** Makes last-seen times and latest values true. Only after the commit, by the thread that appended. */
    public void adopt() {
        adoption.run();
    }
}
