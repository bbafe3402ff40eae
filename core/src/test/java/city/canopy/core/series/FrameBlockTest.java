package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameBlockTest {
    private static RawFrame frame(String device, String topic, String type, String payload) {
        return new RawFrame(device, topic, type, 1_700_000_000_000_001L, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String shown(RawFrame f) {
        return f.device() + "|" + f.topic() + "|" + f.contentType() + "|" + f.receivedAtMicros() + "|"
                + Arrays.hashCode(f.payload());
    }

    @Test
    void everyFrameComesBackWhateverTheOneBeforeItWas() {
        Random random = new Random(11);
        String[] devices = {"a", "ab", "telemetry", "x.y:z"};
        String[] types = {null, "", "application/json"};
        try (FrameBlock block = new FrameBlock()) {
            for (int round = 0; round < 20; round++) {
                block.begin();
                List<RawFrame> frames = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    String device = devices[random.nextInt(4)];
                    String named = devices[random.nextInt(4)];
                    String topic = switch (random.nextInt(4)) {
                        case 0 -> "canopy/v1/devices/" + device + "/telemetry";
                        case 1 -> "v1/devices/me/telemetry";
                        case 2 -> named + device;
                        default -> "";
                    };
                    frames.add(frame(device, topic, types[random.nextInt(3)], "x".repeat(random.nextInt(2_000))));
                    block.add(i * 2, frames.get(i));
                }
                byte[] bytes = block.end();
                for (int i = 0; i < 200; i++) {
                    assertThat(FrameBlock.find(bytes, i * 2).map(FrameBlockTest::shown))
                            .contains(shown(frames.get(i)));
                    assertThat(FrameBlock.find(bytes, i * 2 + 1)).isEmpty();
                }
            }
        }
    }

    @Test
    void aDamagedBlockIsRecognised() {
        try (FrameBlock block = new FrameBlock()) {
            block.begin();
            block.add(0, frame("a", "t", null, "payload"));
            byte[] bytes = block.end();
            for (int at = 0; at < bytes.length; at++) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= 0x55;
                assertThatThrownBy(() -> FrameBlock.find(damaged, 7))
                        .as("byte %d", at)
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(() -> FrameBlock.find(Arrays.copyOf(bytes, bytes.length - 5), 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
