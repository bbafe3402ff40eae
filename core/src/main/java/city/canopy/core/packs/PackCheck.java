package city.canopy.core.packs;

import city.canopy.devices.profile.PackFileException;
import java.util.List;
import java.util.Objects;

/**
 * What came of reading packs on trial.
 *
 * @param checked the ids of the packs that were asked for, without those that the program brings; empty when the folder
 *     holds none
 * @param packs what could be read, the program's own included
 * @param problems what is wrong, in reading order; a later one may follow from an earlier one
 */
public record PackCheck(List<String> checked, Packs packs, List<PackFileException> problems) {
    public PackCheck {
        checked = List.copyOf(checked);
        Objects.requireNonNull(packs, "packs");
        problems = List.copyOf(problems);
    }
}
