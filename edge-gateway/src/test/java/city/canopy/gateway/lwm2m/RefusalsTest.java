package city.canopy.gateway.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.model.DeviceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Refusals refusals = new Refusals(new LwM2mMetrics(meters));

    private void add(String device, Refusal.Kind kind, String path, String answer) {
        refusals.add(new Refusal(new DeviceId(device), kind, path, answer), "is refused");
    }

    @Test
    void theLastAnswerOfAPathIsShownAndEachIsCounted() {
        add("b", Refusal.Kind.OBSERVE, "/3/0", "4.04");
        add("b", Refusal.Kind.OBSERVE, "/3/0", "4.05");
        add("a", Refusal.Kind.FORMAT, "/3/0", "60");
        assertThat(refusals.list())
                .containsExactly(
                        new Refusal(new DeviceId("a"), Refusal.Kind.FORMAT, "/3/0", "60"),
                        new Refusal(new DeviceId("b"), Refusal.Kind.OBSERVE, "/3/0", "4.05"));
        assertThat(refusals.devices()).isEqualTo(2);
        assertThat(meters.counter("canopy.gateway.lwm2m.refused", "cause", "observe")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whatIsOverIsNotShown() {
        add("a", Refusal.Kind.FORMAT, "/3/0", "60");
        add("a", Refusal.Kind.ATTRIBUTES, "/3/0", "4.00");
        refusals.readable("a", "/3303/0/5700");
        assertThat(refusals.list()).hasSize(2);
        refusals.readable("a", "/3/0");
        assertThat(refusals.list()).extracting(Refusal::kind).containsExactly(Refusal.Kind.ATTRIBUTES);
        refusals.askedAnew("a");
        assertThat(refusals.list()).isEmpty();
        add("a", Refusal.Kind.FORMAT, "/3/0", "60");
        refusals.readable("a", "/3/0");
        assertThat(refusals.devices()).isZero();
    }

    @Test
    void theListHasALimitAndTheNumberOfDevicesHasNone() {
        for (int device = 0; device < Refusals.MOST_LISTED + 1; device++) {
            add(String.format("d-%04d", device), Refusal.Kind.OBSERVE, "/3/0", "4.04");
        }
        assertThat(refusals.list()).hasSize(Refusals.MOST_LISTED);
        assertThat(refusals.list().get(0).device().value()).isEqualTo("d-0000");
        assertThat(refusals.devices()).isEqualTo(Refusals.MOST_LISTED + 1);
    }
}
