package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest {
    private static final SegmentLog.Limits SMALL = new SegmentLog.Limits(64 * 1024, 1024 * 1024);

    @TempDir
    Path dir;

    private SegmentLog open() {
        return SegmentLog.open(dir, SMALL, "test-log");
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> all(SegmentLog log) throws IOException {
        List<String> found = new ArrayList<>();
        try (LogReader reader = log.reader(1)) {
            for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                found.add(entry.number() + " " + new String(entry.body(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private Path lastFile() throws IOException {
        return files().get(files().size() - 1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatWasAppendedIsThereInOrderAfterARestart() throws IOException {
        String id;
        try (SegmentLog log = open()) {
            id = log.id();
            assertThat(log.append(body("a")).join()).isEqualTo(1);
            assertThat(log.append(body("b")).join()).isEqualTo(2);
        }
        try (SegmentLog log = open()) {
            assertThat(log.id()).isEqualTo(id);
            assertThat(log.append(body("c")).join()).isEqualTo(3);
            assertThat(all(log)).containsExactly("1 a", "2 b", "3 c");
        }
    }

    @Test
    void aReaderGoesOnWhenMoreIsThereAcrossFiles() throws IOException {
        try (SegmentLog log = open();
                LogReader reader = log.reader(1)) {
            assertThat(reader.next()).isNull();
            byte[] large = new byte[40_000];
            for (int i = 1; i <= 20; i++) {
                log.append(large).join();
                assertThat(reader.next().number()).isEqualTo(i);
                assertThat(reader.next()).isNull();
            }
            assertThat(files()).hasSizeGreaterThan(5);
        }
    }

    @Test
    void manySendersShareOneForce() {
        try (SegmentLog log = SegmentLog.open(dir, new SegmentLog.Limits(64 << 20, 256 << 20), "test-log")) {
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (int i = 0; i < 50_000; i++) {
                all.add(log.append(body("reading " + i)));
            }
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).join()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void aTornLastRecordIsCutOffWhereverItTore() throws IOException {
        try (SegmentLog log = open()) {
            log.append(body("first")).join();
            log.append(body("second")).join();
        }
        Path file = lastFile();
        byte[] whole = Files.readAllBytes(file);
        int second = Segment.HEADER_BYTES + Segment.RECORD_BYTES + "first".length();
        for (int length = second; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            try (SegmentLog log = open()) {
                assertThat(log.recovered().tornBytes()).as("torn at %d", length).isEqualTo(length - second);
                assertThat(log.append(body("third")).join()).isEqualTo(2);
                assertThat(all(log)).containsExactly("1 first", "2 third");
            }
        }
    }

    @Test
    void aFileOfWhichNotEvenTheHeaderWasWrittenIsNone() throws IOException {
        try (SegmentLog log = open()) {
            log.append(body("first")).join();
        }
        Files.write(Segment.file(dir, 2), new byte[7]);
        try (SegmentLog log = open()) {
            assertThat(log.append(body("second")).join()).isEqualTo(2);
            assertThat(all(log)).containsExactly("1 first", "2 second");
        }
    }

    @Test
    void oneRottenBitCostsOneRecordWhereverItIs() throws IOException {
        try (SegmentLog log = open()) {
            for (int i = 1; i <= 5; i++) {
                log.append(body("record-" + i)).join();
            }
        }
        Path file = lastFile();
        byte[] whole = Files.readAllBytes(file);
        int record = Segment.RECORD_BYTES + "record-1".length();
        for (int at = Segment.HEADER_BYTES; at < Segment.HEADER_BYTES + 4 * record; at++) {
            byte[] rotten = whole.clone();
            rotten[at] ^= (byte) (1 << (at % 8));
            Files.write(file, rotten);
            int lost = (at - Segment.HEADER_BYTES) / record + 1;
            try (SegmentLog log = open()) {
                List<String> expected = new ArrayList<>();
                for (int i = 1; i <= 5; i++) {
                    if (i != lost) {
                        expected.add(i + " record-" + i);
                    }
                }
                assertThat(all(log)).as("bit at %d", at).isEqualTo(expected);
                assertThat(log.next()).isEqualTo(6);
            }
        }
    }

    @Test
    void rotInAHeaderCostsNothing() throws IOException {
        try (SegmentLog log = open()) {
            for (int i = 0; i < 5; i++) {
                log.append(new byte[40_000]).join();
            }
        }
        Path file = files().get(0);
        byte[] rotten = Files.readAllBytes(file);
        rotten[3] ^= 4;
        Files.write(file, rotten);
        try (SegmentLog log = open()) {
            assertThat(all(log)).hasSize(5);
        }
    }

    @Test
    void anotherLogsFileStopsTheStart() throws IOException {
        try (SegmentLog log = open()) {
            log.append(body("ours")).join();
        }
        Path other = dir.resolve("other");
        try (SegmentLog log = SegmentLog.open(other, SMALL, "test-log")) {
            log.append(body("theirs")).join();
        }
        Files.move(Segment.file(other, 1), Segment.file(dir, 2), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(other);
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("another log");
    }

    @Test
    void aFullLogRefusesAndTakesAgainWhenThereIsRoom() {
        try (SegmentLog log = open()) {
            byte[] large = new byte[60_000];
            long last = 0;
            Throwable refusal = null;
            while (refusal == null) {
                try {
                    last = log.append(large).join();
                } catch (CompletionException e) {
                    refusal = e.getCause();
                }
            }
            assertThat(refusal).isInstanceOf(StoreFullException.class);
            assertThat(log.bytes()).isLessThanOrEqualTo(SMALL.mostBytes());
            log.dropThrough(last / 2);
            assertThat(log.append(large).join()).isEqualTo(last + 1);
        }
    }

    @Test
    void droppingKeepsTheFileThatIsWrittenTo() throws IOException {
        try (SegmentLog log = open()) {
            for (int i = 0; i < 7; i++) {
                log.append(new byte[40_000]).join();
            }
            log.dropThrough(7);
            assertThat(files()).hasSize(1);
            assertThat(log.append(body("next")).join()).isEqualTo(8);
        }
        try (SegmentLog log = open()) {
            assertThat(log.next()).isEqualTo(9);
        }
    }

    @Test
    void bodiesThatLookLikeRecordsAreNotTakenForThem() throws IOException {
        ByteBuffer forged = ByteBuffer.allocate(200);
        Segment.put(forged, 99, body("forged"), new java.util.zip.CRC32C());
        byte[] body = java.util.Arrays.copyOf(forged.array(), forged.position());
        try (SegmentLog log = open()) {
            log.append(body).join();
            log.append(body("honest")).join();
        }
        try (SegmentLog log = open()) {
            assertThat(all(log)).hasSize(2).last().isEqualTo("2 honest");
        }
    }

    @Test
    void tooLongABodyIsRefused() {
        try (SegmentLog log = open()) {
            assertThatThrownBy(
                            () -> log.append(new byte[SegmentLog.MAX_BODY + 1]).join())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("1048576");
        }
    }

    /** Any damage at all leaves a log that opens, and every record that it gives back is one that was written. */
    @Test
    void whateverHappensToTheFilesOnlyTrueRecordsComeBack() throws IOException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Path folder = dir.resolve("seed-" + seed);
            List<String> written = new ArrayList<>();
            try (SegmentLog log = SegmentLog.open(folder, SMALL, "test-log")) {
                for (int i = 1; i <= 200; i++) {
                    String text = "r" + i + "-" + "x".repeat(random.nextInt(1_500));
                    log.append(body(text)).join();
                    written.add(i + " " + text);
                }
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    damage(file, random);
                }
            }
            try (SegmentLog log = SegmentLog.open(folder, SMALL, "test-log")) {
                List<String> found = all(log);
                assertThat(written).as("seed %d", seed).containsAll(found);
                assertThat(found).as("seed %d", seed).doesNotHaveDuplicates();
                assertThat(log.append(body("after")).join()).isPositive();
            }
        }
    }

    private static void damage(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(4)) {
            case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes[Segment.HEADER_BYTES + random.nextInt(bytes.length - Segment.HEADER_BYTES)] ^= 1;
            case 2 -> {
                int from = Segment.HEADER_BYTES + random.nextInt(bytes.length - Segment.HEADER_BYTES);
                java.util.Arrays.fill(bytes, from, Math.min(bytes.length, from + 4_096), (byte) 0);
            }
            default -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + random.nextInt(9_000));
        }
        Files.write(file, bytes);
    }
}
