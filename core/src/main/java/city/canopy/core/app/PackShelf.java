package city.canopy.core.app;

import city.canopy.core.health.HealthPart;
import city.canopy.core.packs.PackFiles;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.RuleBook;
import city.canopy.devices.profile.PackFileException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packs and rules that are in force. A pack that is put into the folder, changed or taken away is noticed without a
 * restart, once its files have been left alone for a moment. Packs that are wrong are not taken up: those of before stay
 * in force, and health says which file, which line and what to do. Asking never blocks; any thread.
 */
final class PackShelf implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PackShelf.class);
    static final String PART = "packs";
    private static final long LOOK_EVERY_S = 2;

    private final Path folder;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "packs"));
    private Function<Packs, RuleBook> adopt;
    private Packs loaded;
    private volatile InForce inForce;
    private volatile Optional<Trouble> trouble = Optional.empty();
    private PackFiles taken;
    private PackFiles seen;

    private record InForce(Packs packs, RuleBook rules) {}

    private record Trouble(String vi, String en) {}

    /**
     * Reads the packs; none is in force yet.
     *
     * @param folder where the city's own packs are; it need not exist
     * @throws PackFileException when a pack is wrong
     */
    PackShelf(Path folder) {
        this.folder = folder;
        this.taken = PackFiles.below(folder);
        this.seen = taken;
        this.loaded = Packs.load(Optional.of(folder));
    }

    /**
     * Puts what was read in force.
     *
     * @param adopting makes room for what packs bring, and gives their rules in their versions; at a later change, what
     *     it throws leaves everything as it was
     */
    void open(Function<Packs, RuleBook> adopting) {
        adopt = adopting;
        inForce = new InForce(loaded, adopt.apply(loaded));
    }

    /** Begins to look after the folder. */
    void watch() {
        timer.scheduleWithFixedDelay(this::lookSafely, LOOK_EVERY_S, LOOK_EVERY_S, TimeUnit.SECONDS);
    }

    Packs packs() {
        return inForce.packs();
    }

    RuleBook rules() {
        return inForce.rules();
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            log.warn("the folder of packs {} could not be looked at, it is tried again: {}", folder, e.getMessage());
        }
    }

    /** Looks once: takes up what differs from what was taken and is the same as at the last look. */
    synchronized void look() {
        PackFiles now = PackFiles.below(folder);
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(taken)) {
            return;
        }
        taken = now;
        try {
            take();
            trouble = Optional.empty();
            log.info(
                    "packs taken up anew: {} with {} rules",
                    packs().list().size(),
                    rules().list().size());
        } catch (PackFileException e) {
            refuse(problems(e));
        } catch (UncheckedIOException | StartException e) {
            refuse(e.getMessage());
        } catch (RuntimeException e) {
            // The database may be away: what is right in itself is tried again at the next look.
            taken = null;
            refuse(e.getMessage());
        }
    }

    private void take() {
        loaded = Packs.load(Optional.of(folder));
        inForce = new InForce(loaded, adopt.apply(loaded));
    }

    private static String problems(PackFileException first) {
        int more = first.getSuppressed().length;
        return first.getMessage() + (more == 0 ? "" : " (+" + more + ")");
    }

    private void refuse(String why) {
        log.warn("changed packs were not taken up, those of before stay in force: {}", why);
        trouble = Optional.of(new Trouble(
                "Gói vừa thay đổi có lỗi, các gói cũ vẫn đang dùng. Sửa rồi lưu lại: " + why,
                "The changed packs are wrong, those of before stay in force. Mend them and save: " + why));
    }

    HealthPart health() {
        return trouble.map(what -> HealthPart.warn(PART, "pack_wrong", what.vi(), what.en()))
                .orElseGet(() -> HealthPart.ok(PART));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
