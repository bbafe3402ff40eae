package city.canopy.core.commands;

import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.LwM2m;
import city.canopy.devices.profile.Profiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The commands that profiles list, as the packs stand, in the pack's order. Any thread; never blocks. */
public final class ProfileCommands implements CommandCatalog {
    private final Supplier<Profiles> profiles;

    public ProfileCommands(Supplier<Profiles> profiles) {
        this.profiles = profiles;
    }

    @Override
    public List<CommandSpec> list(String profile) {
        Map<String, LwM2m.CommandSpec> commands = profiles.get()
                .find(profile)
                .flatMap(DeviceProfile::lwm2m)
                .map(LwM2m::commands)
                .orElse(Map.of());
        return commands.entrySet().stream()
                .map(each -> spec(each.getKey(), each.getValue()))
                .toList();
    }

    private static CommandSpec spec(String name, LwM2m.CommandSpec command) {
        List<CommandSpec.Parameter> parameters = new TreeMap<>(command.parameters())
                .entrySet().stream()
                        .map(each -> parameter(each.getKey(), each.getValue()))
                        .toList();
        return new CommandSpec(
                name,
                title(command.title()),
                parameters,
                command.operation(),
                command.path(),
                command.value().map(ProfileCommands::value).orElse(null),
                command.then(),
                command.atMostOnce());
    }

    private static CommandSpec.Parameter parameter(String name, LwM2m.Parameter parameter) {
        return new CommandSpec.Parameter(
                name,
                title(parameter.title()),
                Optional.of(parameter.min()),
                Optional.of(parameter.max()),
                Optional.of(parameter.standard()));
    }

    private static Object value(LwM2m.Value value) {
        return value instanceof LwM2m.Value.Given given
                ? "$" + given.parameter()
                : ((LwM2m.Value.Literal) value).value();
    }

    private static CommandSpec.Title title(Map<String, String> byLanguage) {
        return new CommandSpec.Title(byLanguage.get("vi"), byLanguage.get("en"));
    }
}
