package city.canopy.core.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What a device measures, one value at each step of its time.
 *
 * @param quantity as the service names it
 * @param number which device it is, so that no two measure the same
 * @param start of its first reading, to the half second
 * @param step of half seconds
 * @param size how many readings
 */
record Story(String device, String quantity, int number, Instant start, Duration step, int size) {
    Instant at(int index) {
        return start.plus(step.multipliedBy(index));
    }

    double value(int index) {
        return (index * 7 + number * 13) % 400 / 10.0;
    }

    /** Canopy's JSON. */
    List<String> json() {
        return said(index ->
                "{\"ts\":%d,\"values\":{\"%s\":%s}}".formatted(at(index).toEpochMilli(), quantity, value(index)));
    }

    /** SenML of IPSO 3303, which is this profile's temperature. */
    List<String> senml() {
        return said(index -> "[{\"bn\":\"/3303/0/5700\",\"bt\":%s,\"v\":%s}]"
                .formatted(at(index).toEpochMilli() / 1000.0 + "", value(index)));
    }

    private List<String> said(IntFunction<String> one) {
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                return one.apply(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
