package city.canopy.core.commands;

import java.util.List;
import java.util.Optional;

/** Which commands the devices of a profile offer, as the packs stand now. Any thread; never blocks. */
@FunctionalInterface
public interface CommandCatalog {
    /** All of a profile, in its order; none for one that lists none: then any command is passed through. */
    List<CommandSpec> list(String profile);

    default Optional<CommandSpec> find(String profile, String name) {
        return list(profile).stream().filter(spec -> spec.name().equals(name)).findFirst();
    }
}
