package city.canopy.gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** What a log does on a disk that the kernel says is full; run in a process of its own, whose files may not grow. */
final class FullDisk {
    private static final SegmentLog.Limits LIMITS = new SegmentLog.Limits(64 * 1024, 1024 * 1024);
    private static final int BODY = 1_000;
    private static final int HEADER_DOES_NOT_FIT = 16;
    private static final int SOME_RECORDS_FIT = 20_000;

    private FullDisk() {}

    /** @param arguments the name of what it shall do, and a folder */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path dir = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "begin" -> begin(dir);
            case "fill" -> fill(dir);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("as it should");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static void limit(String bytes) throws IOException, InterruptedException {
        Process limit = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()),
                        "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        check(limit.waitFor() == 0, "prlimit");
    }

    private static long append(SegmentLog log) {
        try {
            return log.append(new byte[BODY]).join();
        } catch (CompletionException e) {
            check(e.getCause() instanceof StoreFullException, "full, not " + e.getCause());
            return 0;
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** Not even a file can be begun; once it can, the log goes on as if nothing had been. */
    private static void begin(Path dir) throws IOException, InterruptedException {
        limit(Integer.toString(HEADER_DOES_NOT_FIT));
        try (SegmentLog log = SegmentLog.open(dir, LIMITS, "log")) {
            check(append(log) == 0, "refused");
            long before = openFiles();
            for (int i = 0; i < 50; i++) {
                check(append(log) == 0, "refused again");
            }
            check(openFiles() <= before, "nothing is left open: " + before + ", then " + openFiles());
            check(log.bytes() == 0, "nothing is taken: " + log.bytes());
            limit("unlimited");
            check(append(log) == 1, "taken");
        }
        numbers(dir, 1);
    }

    /** Its file is full; nothing that was complete is lost, and when that is not needed any more its room is used again. */
    private static void fill(Path dir) throws IOException, InterruptedException {
        limit(Integer.toString(SOME_RECORDS_FIT));
        long last;
        try (SegmentLog log = SegmentLog.open(dir, LIMITS, "log")) {
            last = fill(log);
            check(last > 10 && last < SOME_RECORDS_FIT / BODY, "some: " + last);
            check(append(log) == 0, "refused");
        }
        numbers(dir, last);
        try (SegmentLog log = SegmentLog.open(dir, LIMITS, "log");
                LogReader reader = log.reader(1)) {
            while (reader.next() != null) {
                check(append(log) == 0, "refused while it is needed");
            }
            log.dropThrough(last);
            check(append(log) == last + 1, "taken, and numbered as ever");
            check(reader.next().number() == last + 1, "read by who had read the old file");
            check(fill(log) > last + 10, "the whole room is there again");
            log.dropThrough(last + 5);
            check(append(log) == 0, "refused while some of it is needed");
            check(log.bytes() <= SOME_RECORDS_FIT, "counted: " + log.bytes());
            check(files(dir).size() == 1, "one file");
            last = log.next() - 1;
        }
        numbers(dir, last);
    }

    private static long fill(SegmentLog log) {
        long last = 0;
        for (long number = append(log); number > 0; number = append(log)) {
            last = number;
        }
        return last;
    }

    private static List<Path> files(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }

    /** After a restart every record from the first to the last is there, whole. */
    private static void numbers(Path dir, long last) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (SegmentLog log = SegmentLog.open(dir, LIMITS, "log");
                LogReader reader = log.reader(1)) {
            check(log.next() == last + 1, "goes on with " + log.next());
            for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                check(entry.body().length == BODY, "whole");
                numbers.add(entry.number());
            }
            check(log.recovered().tornBytes() == 0, "nothing torn");
        }
        check(!numbers.isEmpty() && numbers.get(numbers.size() - 1) == last, "the last is there: " + numbers);
        check(numbers.get(numbers.size() - 1) - numbers.get(0) == numbers.size() - 1, "none is missing: " + numbers);
    }
}
