package city.canopy.core.series;

import java.util.List;

/**
 * A page of readings.
 *
 * @param items in the order that was asked for
 * @param next the cursor of the next page, or null where there is none
 */
public record ReadingsPage(List<StoredReading> items, String next) {
    public ReadingsPage {
        items = List.copyOf(items);
    }
}
