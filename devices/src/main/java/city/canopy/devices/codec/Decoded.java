package city.canopy.devices.codec;

import city.canopy.devices.model.Position;
import city.canopy.devices.model.Reading;
import java.util.List;
import java.util.Optional;

/** What a codec made of a payload. Bad data is a value here, never an exception. */
public sealed interface Decoded {
    /**
     * At least one good field.
     *
     * @param readings the good ones, in the order of the payload
     * @param position where the device was, if the payload says so (the last one where it says so several times)
     * @param refusals the fields of the same message that were not taken
     */
    record Readings(List<Reading> readings, Optional<Position> position, List<Refusal> refusals) implements Decoded {
        public Readings {
            readings = List.copyOf(readings);
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * Nothing in it could be taken.
     *
     * @param refusals why; at least one
     */
    record Refused(List<Refusal> refusals) implements Decoded {
        public Refused {
            refusals = List.copyOf(refusals);
            if (refusals.isEmpty()) {
                throw new IllegalArgumentException("a refused payload has a reason");
            }
        }
    }
}
