package city.canopy.gateway.lwm2m.sim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a fleet counts. Any thread. */
final class FleetCounts {
    final AtomicInteger registered = new AtomicInteger();
    final LongAdder sends = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder retransmissions = new LongAdder();

    Progress progress(int members) {
        return new Progress(
                members, registered.get(), sends.sum(), acknowledged.sum(), refused.sum(), retransmissions.sum());
    }
}
