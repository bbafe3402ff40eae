package city.canopy.core.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicketStateTest {
    @Test
    void whatIsOverStaysOver() {
        assertThat(Arrays.stream(TicketState.values()).filter(state -> !state.isLive()))
                .containsExactly(TicketState.CLOSED, TicketState.REJECTED, TicketState.MERGED, TicketState.WITHDRAWN);
        assertThat(TicketState.RESOLVED.allows(TicketState.OPEN)).isTrue();
        assertThat(TicketState.RESOLVED.allows(TicketState.ASSIGNED)).isFalse();
        assertThat(TicketState.OPEN.allows(TicketState.OPEN)).isFalse();
    }

    @Test
    void laterTicketsHaveGreaterNames() {
        TicketIds ids = new TicketIds(new Random(5));
        TicketId first = ids.next(Instant.parse("2026-03-01T06:00:00Z"));
        TicketId second = ids.next(Instant.parse("2026-03-01T06:00:00.001Z"));
        assertThat(first).isLessThan(second);
        assertThat(ids.next(Instant.parse("2026-03-01T06:00:00Z"))).isNotEqualTo(first);
    }
}
