package city.canopy.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.health.DiskWatch.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private static final long GB = 1L << 30;

    private final List<Level> heard = new ArrayList<>();
    private long free = 50 * GB;
    private long size = 100 * GB;
    private final DiskWatch watch = new DiskWatch(
            new DiskWatch.Disk() {
                @Override
                public long free() {
                    return free;
                }

                @Override
                public long size() {
                    return size;
                }
            },
            2 * GB,
            GB / 2,
            heard::add);

    private Level with(long bytes) {
        free = bytes;
        watch.look();
        return watch.level();
    }

    @Test
    void devicesAreSlowedBeforeNothingMoreIsTaken() {
        assertThat(with(3 * GB)).isEqualTo(Level.ENOUGH);
        assertThat(with(2 * GB - 1)).isEqualTo(Level.LOW);
        assertThat(watch.health().state()).isEqualTo(HealthPart.State.WARN);
        assertThat(watch.health().english()).contains("slowed");
        assertThat(with(GB / 2 - 1)).isEqualTo(Level.FULL);
        assertThat(watch.health().state()).isEqualTo(HealthPart.State.FAIL);
        assertThat(heard).containsExactly(Level.LOW, Level.FULL);
    }

    @Test
    void aLevelIsLeftOnlyWhenThereIsSomeRoomMore() {
        with(2 * GB - 1);

        assertThat(with(2 * GB + 1)).isEqualTo(Level.LOW);
        assertThat(with(3 * GB)).isEqualTo(Level.ENOUGH);
        assertThat(heard).containsExactly(Level.LOW, Level.ENOUGH);
    }

    @Test
    void onASmallDiskShareCountsAndNotBytes() {
        size = 8 * GB;

        assertThat(with(GB)).isEqualTo(Level.ENOUGH);
        assertThat(with(GB * 7 / 10)).isEqualTo(Level.LOW);
    }

    @Test
    void limitsTheWrongWayRoundAreRefused() {
        assertThatThrownBy(() -> new DiskWatch(null, 1, 2, heard::add)).hasMessageContaining("data.stop_below");
    }
}
