package city.canopy.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {
    @Test
    void rangesThatMeetAreOne() {
        Ranges ranges = new Ranges();
        ranges.add(5, 7);
        ranges.add(1, 2);
        ranges.add(8, 9);
        assertThat(ranges).hasToString("1-2,5-9");
        ranges.add(3, 4);
        assertThat(ranges).hasToString("1-9");
        assertThat(ranges.through()).isEqualTo(9);
    }

    @Test
    void theTextIsReadBack() {
        assertThat(Ranges.parse("1-17,20-23")).hasToString("1-17,20-23");
        assertThat(Ranges.parse("")).hasToString("");
        assertThatThrownBy(() -> Ranges.parse("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theyAnswerAsASetOfNumbersDoes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Ranges ranges = new Ranges();
            BitSet set = new BitSet();
            for (int i = 0; i < 30; i++) {
                int first = 1 + random.nextInt(100);
                int last = first + random.nextInt(8);
                ranges.add(first, last);
                set.set(first, last + 1);
            }
            for (int n = 1; n < 120; n++) {
                assertThat(ranges.contains(n)).as("seed %d, %d", seed, n).isEqualTo(set.get(n));
                assertThat(ranges.firstMissing(n)).isEqualTo(set.nextClearBit(n));
                assertThat(ranges.missing(n)).isEqualTo(n - set.get(1, n + 1).cardinality());
            }
            assertThat(ranges.through()).isEqualTo(set.nextClearBit(1) - 1);
        }
    }
}
