package city.canopy.core.kpi;

import city.canopy.devices.model.Quantity;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a figure is made of, over a period. A set that is empty stands for all. */
public sealed interface Measure {
    /** Figures about tickets. */
    sealed interface OfTickets extends Measure {
        /** The ticket services that count. */
        Set<String> services();
    }

    /** How many tickets were opened. */
    record TicketsOpened(Set<String> services) implements OfTickets {
        public TicketsOpened {
            services = Set.copyOf(services);
        }
    }

    /** Of the tickets that were due, how many percent were resolved by then. Rejected, merged and withdrawn ones do not count. */
    record ResolvedInTime(Set<String> services) implements OfTickets {
        public ResolvedInTime {
            services = Set.copyOf(services);
        }
    }

    /** The median of the hours from opening to resolving, of the tickets that were resolved. */
    record HoursToResolve(Set<String> services) implements OfTickets {
        public HoursToResolve {
            services = Set.copyOf(services);
        }
    }

    /** Of the devices in service by the end, how many percent have sent a reading. */
    record DevicesReporting(Set<String> profiles) implements Measure {
        public DevicesReporting {
            profiles = Set.copyOf(profiles);
        }
    }

    /** The mean of all readings of a quantity, in its unit; whole hours only. */
    record MeanOf(Quantity quantity, Optional<String> layer) implements Measure {
        public MeanOf {
            Objects.requireNonNull(quantity, "quantity");
            Objects.requireNonNull(layer, "layer");
        }
    }

    /** Of the hours in which a quantity was read somewhere, in how many percent it was over a limit there. */
    record HoursOver(Quantity quantity, double limit, Optional<String> layer) implements Measure {
        public HoursOver {
            Objects.requireNonNull(quantity, "quantity");
            Objects.requireNonNull(layer, "layer");
            if (!Double.isFinite(limit)) {
                throw new IllegalArgumentException("a limit is a finite number, not " + limit);
            }
        }
    }
}
