package city.canopy.devices.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads that are nearly right: the kind that breaks readers. 50,000 of each codec; with -Pfull a million. */
class MutantsTest {
    private static final int COUNT = Boolean.getBoolean("canopy.test.full") ? 1_000_000 : 50_000;
    private static final long SEED = 20_261_124;
    private static final long MAX_NANOS_EACH = 200_000;
    private static final long MAX_GROWTH = 16L << 20;

    static List<String> codecs() {
        return Vectors.CODECS;
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void no_mutant_of_a_payload_makes_a_codec_fail_stall_or_grow(String codec) {
        List<byte[]> vectors = Vectors.of(codec).stream()
                .map(vector -> vector.payload().bytes())
                .toList();
        Random random = new Random(SEED);
        run(codec, vectors, random, 2_000);
        long before = usedMemory();
        long start = System.nanoTime();
        int good = run(codec, vectors, random, COUNT);
        long nanosEach = (System.nanoTime() - start) / COUNT;
        assertThat(nanosEach).as("nanoseconds for each mutant").isLessThan(MAX_NANOS_EACH);
        assertThat(usedMemory() - before).as("bytes more than before").isLessThan(MAX_GROWTH);
        // Some mutants must still be understood and some not, or the mutation is no test.
        assertThat(good).isBetween(COUNT / 100, COUNT * 99 / 100);
    }

    private static int run(String codec, List<byte[]> vectors, Random random, int count) {
        int good = 0;
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutant(vectors, random);
            try {
                if (!check(Vectors.decode(codec, mutant))) {
                    continue;
                }
                good++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        codec + " fails at mutant " + i + " of seed " + SEED + ": "
                                + HexFormat.of().formatHex(mutant),
                        e);
            }
        }
        return good;
    }

    /** Whether there is something good in it; what is there must be storable. */
    private static boolean check(Decoded decoded) {
        if (decoded instanceof Decoded.Readings readings) {
            assertThat(readings.readings().size()).isLessThanOrEqualTo(Acceptance.MAX_VALUES);
            readings.refusals().forEach(MutantsTest::checkStorable);
            return true;
        }
        ((Decoded.Refused) decoded).refusals().forEach(MutantsTest::checkStorable);
        return false;
    }

    private static void checkStorable(Refusal refusal) {
        String detail = refusal.detail();
        if (detail.indexOf('\0') >= 0
                || !java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(detail)) {
            throw new AssertionError("not storable: " + refusal);
        }
    }

    private static byte[] mutant(List<byte[]> vectors, Random random) {
        byte[] bytes = vectors.get(random.nextInt(vectors.size())).clone();
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            bytes = edit(bytes, vectors, random);
        }
        return bytes;
    }

    private static byte[] edit(byte[] bytes, List<byte[]> vectors, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                return splice(bytes, at, bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(40)), at);
            }
            case 4 -> {
                return splice(bytes, at, bytes, 0, 0, Math.min(bytes.length, at + 1 + random.nextInt(8)));
            }
            case 5 -> {
                byte[] other = vectors.get(random.nextInt(vectors.size()));
                int from = other.length == 0 ? 0 : random.nextInt(other.length);
                return splice(bytes, at, other, from, other.length, bytes.length);
            }
            default -> {
                byte[] digit = {(byte) "0123456789-.eE\"[]{},:tn".charAt(random.nextInt(23))};
                return splice(bytes, at, digit, 0, 1, at);
            }
        }
        return bytes;
    }

    /** The bytes until {@code at}, a piece of the other ones, and the bytes from {@code rest} on. */
    private static byte[] splice(byte[] bytes, int at, byte[] other, int from, int to, int rest) {
        byte[] spliced = new byte[at + (to - from) + (bytes.length - rest)];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(other, from, spliced, at, to - from);
        System.arraycopy(bytes, rest, spliced, at + to - from, bytes.length - rest);
        return spliced;
    }

    private static long usedMemory() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
