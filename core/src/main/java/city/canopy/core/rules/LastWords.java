package city.canopy.core.rules;

import city.canopy.devices.model.DeviceId;
import java.util.concurrent.ConcurrentHashMap;

/** When each device was last heard, by receipt time. Shared by all partitions; any thread. */
final class LastWords {
    private final ConcurrentHashMap<DeviceId, Word> words = new ConcurrentHashMap<>();

    Word of(DeviceId device) {
        return words.computeIfAbsent(device, Word::new);
    }

    /** One device's. Times are microseconds since 1970-01-01 UTC; 0 for never. */
    static final class Word {
        private final DeviceId device;
        private volatile long last;
        private volatile long returned;
        private volatile SilenceWatch waiting;

        private Word(DeviceId device) {
            this.device = device;
        }

        /** It said something that is now stored. */
        void heard(long at) {
            if (at <= last) {
                return;
            }
            synchronized (this) {
                last = Math.max(last, at);
            }
            SilenceWatch watch = waiting;
            if (watch != null) {
                watch.spoke(device);
            }
        }

        long last() {
            return last;
        }

        /** When it ended its last silence. */
        long returned() {
            return returned;
        }

        void returnedAt(long at) {
            returned = at;
        }

        /** Tells this watch as soon as it speaks; null for nobody. */
        void tell(SilenceWatch watch) {
            waiting = watch;
        }
    }
}
