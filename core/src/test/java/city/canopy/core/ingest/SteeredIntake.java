package city.canopy.core.ingest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A line that commits when the test says so, and is full when the test says so. */
public final class SteeredIntake implements Intake {
    private final BlockingQueue<Inbound> taken = new LinkedBlockingQueue<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private boolean commitsAtOnce;

    @Override
    public boolean offer(Inbound message) {
        boolean atOnce;
        synchronized (this) {
            if (room == 0) {
                return false;
            }
            room--;
            atOnce = commitsAtOnce;
            taken.add(message);
        }
        if (atOnce) {
            commit(message);
        }
        return true;
    }

    @Override
    public void whenRoom(Runnable retry) {
        synchronized (this) {
            if (room == 0) {
                waiting.add(retry);
                return;
            }
        }
        retry.run();
    }

    /** Takes nothing from now on. */
    public synchronized void fill() {
        room = 0;
    }

    /** Has room again and tells those who wait. */
    public void makeRoom() {
        makeRoom(Integer.MAX_VALUE);
    }

    /** Has room for so many messages and tells those who wait; then it is full again. */
    public void makeRoom(int messages) {
        List<Runnable> retries;
        synchronized (this) {
            room = messages;
            retries = List.copyOf(waiting);
            waiting.clear();
        }
        retries.forEach(Runnable::run);
    }

    /** Commits each message as it comes. */
    public synchronized SteeredIntake committingAtOnce() {
        commitsAtOnce = true;
        return this;
    }

    /** The next message that the doors have brought; fails after ten seconds. */
    public Inbound next() throws InterruptedException {
        Inbound message = taken.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came through a door within ten seconds");
        }
        return message;
    }

    /** The next messages, in order of arrival. */
    public List<Inbound> next(int count) throws InterruptedException {
        List<Inbound> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(next());
        }
        return messages;
    }

    /** How many messages are there that {@link #next} has not given out. */
    public int size() {
        return taken.size();
    }

    /** Tells the doors that these are safe, as one batch. */
    public static void commit(List<Inbound> messages) {
        Map<Door, List<Inbound>> byDoor = new LinkedHashMap<>();
        for (Inbound message : messages) {
            byDoor.computeIfAbsent(message.door(), door -> new ArrayList<>()).add(message);
        }
        byDoor.forEach((door, batch) -> {
            door.committed(batch);
            // As the line does, which uses its list again.
            batch.clear();
        });
    }

    public static void commit(Inbound... messages) {
        commit(List.of(messages));
    }
}
