package city.canopy.core.ingest;

/** The line's entrance, as the doors see it. */
public interface Intake {
    /**
     * Takes a message into the partition of its subject, or refuses it because the line is full. Never blocks; any
     * thread.
     *
     * @return false when the bound is reached: the door keeps the message and offers it again after
     *     {@link #whenRoom}
     */
    boolean offer(Inbound message);

    /**
     * Runs {@code retry} once, soon, on a thread of the line, when there is room again. It must not block: a door
     * hops to its own thread.
     */
    void whenRoom(Runnable retry);
}
