package city.canopy.devices.profile;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.profile.LwM2m.CommandSpec;
import city.canopy.devices.profile.LwM2m.Parameter;
import city.canopy.devices.profile.LwM2m.ThenSpec;
import city.canopy.devices.profile.LwM2m.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code lwm2m} of a profile. */
final class LwM2mReader {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Set<String> VERBS = Set.of("read", "write", "execute");
    private static final String MINUTES = "after_minutes";
    private static final List<String> TIMES = List.of(MINUTES, "after_seconds");
    private static final Set<String> STEP =
            Set.of("read", "write", "execute", "value", "then", MINUTES, "after_seconds", "at_most_once");

    private LwM2mReader() {}

    /** @throws PackFileException when something in it is wrong */
    static LwM2m read(PackYaml yaml) {
        yaml.map(Set.of("observe", "commands"));
        List<Observation> observe = new ArrayList<>();
        for (PackYaml each : yaml.find("observe").map(PackYaml::list).orElse(List.of())) {
            Observation observation = observation(each);
            if (observe.stream().anyMatch(other -> other.path().equals(observation.path()))) {
                throw each.problem(observation.path() + " is observed twice; remove one of them");
            }
            observe.add(observation);
        }
        if (observe.size() > LwM2m.MAX_OBSERVATIONS) {
            throw yaml.get("observe")
                    .problem(
                            "at most " + LwM2m.MAX_OBSERVATIONS + " paths are observed; observe an object or instance");
        }
        Map<String, CommandSpec> commands = new LinkedHashMap<>();
        yaml.find("commands").map(PackYaml::map).orElse(Map.of()).forEach((name, each) -> {
            if (!name.matches("[a-z][a-z0-9_]{0,63}")) {
                throw each.problem("a command is named by [a-z][a-z0-9_]{0,63}, not \"" + name + "\"; rename it");
            }
            commands.put(name, command(each));
        });
        if (commands.size() > LwM2m.MAX_COMMANDS) {
            throw yaml.get("commands")
                    .problem("a profile has at most " + LwM2m.MAX_COMMANDS + " commands; remove some");
        }
        return new LwM2m(observe, commands);
    }

    private static Observation observation(PackYaml yaml) {
        yaml.map(Set.of("path", "pmin", "pmax", "gt", "lt", "st"));
        try {
            Observation observation = new Observation(
                    yaml.get("path").text(),
                    yaml.find("pmin").map(pmin -> pmin.duration(SHORTEST, LONGEST)),
                    yaml.find("pmax").map(pmax -> pmax.duration(SHORTEST, LONGEST)),
                    yaml.find("gt").map(PackYaml::number),
                    yaml.find("lt").map(PackYaml::number),
                    yaml.find("st").map(PackYaml::number));
            boolean bounds = observation.greaterThan().isPresent()
                    || observation.lessThan().isPresent()
                    || observation.step().isPresent();
            ResourcePath path = path(yaml.get("path"));
            if (bounds && !path.isResource()) {
                throw yaml.problem("gt, lt and st are about one number; observe a resource such as " + path + "/5700");
            }
            distinct(yaml, observation);
            return observation;
        } catch (IllegalArgumentException e) {
            throw yaml.problem(e.getMessage() + "; mend it");
        }
    }

    /** LwM2M 1.1 core, 5.1.2: devices refuse all attributes of a path where this does not hold. */
    private static void distinct(PackYaml yaml, Observation observation) {
        if (observation.greaterThan().isEmpty() || observation.lessThan().isEmpty()) {
            return;
        }
        double gt = observation.greaterThan().get();
        double lt = observation.lessThan().get();
        double st = observation.step().orElse(0.0);
        if (!(lt + 2 * st < gt)) {
            throw yaml.problem(
                    observation.path() + ": lt and twice st together must lie under gt, and " + lt + " + 2 * " + st
                            + " does not lie under " + gt + "; lower lt or st, raise gt, or leave one of them out");
        }
    }

    private static ResourcePath path(PackYaml yaml) {
        ResourcePath path = yaml.text().startsWith("/") ? ResourcePath.find(yaml.text()) : null;
        if (path == null || !path.toString().equals(yaml.text())) {
            throw yaml.problem("a path is /OBJECT/INSTANCE/RESOURCE, not " + yaml.text() + "; mend it");
        }
        return path;
    }

    private static CommandSpec command(PackYaml yaml) {
        yaml.map(Set.of("title", "parameters", "do"));
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        yaml.find("parameters").map(PackYaml::map).orElse(Map.of()).forEach((name, each) -> {
            each.map(Set.of("min", "max", "default", "title"));
            try {
                parameters.put(
                        name,
                        new Parameter(
                                each.get("min").number(),
                                each.get("max").number(),
                                each.get("default").number(),
                                each.get("title").title()));
            } catch (IllegalArgumentException e) {
                throw each.problem(e.getMessage() + "; mend it");
            }
        });
        List<PackYaml> steps = yaml.get("do").list();
        if (steps.size() != 1) {
            throw yaml.get("do").problem("a command does one thing, not " + steps.size() + "; write one entry");
        }
        return step(yaml.get("title").title(), parameters, steps.get(0));
    }

    private static CommandSpec step(Map<String, String> title, Map<String, Parameter> parameters, PackYaml yaml) {
        Map<String, PackYaml> members = yaml.map(STEP);
        List<String> verbs = members.keySet().stream().filter(VERBS::contains).toList();
        if (verbs.size() != 1) {
            throw yaml.problem("a step is one of read, write and execute; keep one");
        }
        Operation operation = Operation.valueOf(verbs.get(0).toUpperCase(java.util.Locale.ROOT));
        ResourcePath path = path(members.get(verbs.get(0)));
        if (operation != Operation.READ && (!path.isResource() || path.resourceInstance() != ResourcePath.NONE)) {
            throw yaml.problem(
                    "to " + verbs.get(0) + " takes a resource such as /3306/0/5850, not " + path + "; mend it");
        }
        permitted(yaml, operation, path);
        Optional<Value> value = yaml.find("value").map(each -> value(each, parameters));
        if (operation == Operation.WRITE && value.isEmpty()) {
            throw yaml.problem("what is written is missing; add a 'value'");
        }
        if (operation == Operation.READ && value.isPresent()) {
            throw yaml.get("value").problem("to read takes no value; remove it");
        }
        if (operation != Operation.WRITE && yaml.find("then").isPresent()) {
            throw yaml.get("then").problem("only a write is followed by another; remove 'then'");
        }
        boolean once = yaml.find("at_most_once").map(PackYaml::bool).orElse(Command.LwM2m.isOnce(operation));
        return new CommandSpec(title, parameters, operation, path.toString(), value, then(yaml, parameters), once);
    }

    /** The second write and its time, which no parameter may lead out of its limits. */
    private static Optional<ThenSpec> then(PackYaml yaml, Map<String, Parameter> parameters) {
        List<String> times =
                TIMES.stream().filter(key -> yaml.find(key).isPresent()).toList();
        if (yaml.find("then").isEmpty() && times.isEmpty()) {
            return Optional.empty();
        }
        if (yaml.find("then").isEmpty() || times.size() != 1) {
            throw yaml.problem("what is written later takes 'then' and one of 'after_minutes' and 'after_seconds'");
        }
        PackYaml later = yaml.get("then");
        Object written = later.plain();
        if (!(written instanceof String || written instanceof Number || written instanceof Boolean)
                || written instanceof String text && text.startsWith("$")) {
            throw later.problem("what is written later is a number, a text, true or false; mend it");
        }
        PackYaml time = yaml.get(times.get(0));
        Value after = value(time, parameters);
        Duration unit = times.get(0).equals(MINUTES) ? Duration.ofMinutes(1) : Duration.ofSeconds(1);
        ThenSpec spec = new ThenSpec(written, after, unit);
        if (after instanceof Value.Given given) {
            Parameter parameter = parameters.get(given.parameter());
            withinLimits(time, spec, Map.of(given.parameter(), parameter.min()));
            withinLimits(time, spec, Map.of(given.parameter(), parameter.max()));
        } else if (((Value.Literal) after).value() instanceof Number) {
            withinLimits(time, spec, Map.of());
        } else {
            throw time.problem("a time is a number, or a parameter such as \"$minutes\"; mend it");
        }
        return Optional.of(spec);
    }

    private static void withinLimits(PackYaml time, ThenSpec spec, Map<String, Object> parameters) {
        try {
            spec.with(parameters);
        } catch (IllegalArgumentException e) {
            throw time.problem(e.getMessage() + "; choose other limits");
        }
    }

    /** What the registry knows must allow it; of other objects nobody knows. */
    private static void permitted(PackYaml yaml, Operation operation, ResourcePath path) {
        Optional<ResourceSpec> spec =
                path.isResource() ? LwM2mObjects.standard().find(path.object(), path.resource()) : Optional.empty();
        if (spec.isPresent()
                && !spec.get().operations().contains(operation.name().substring(0, 1))) {
            throw yaml.problem(path + " (" + spec.get().name() + ") is not there to "
                    + operation.name().toLowerCase(java.util.Locale.ROOT) + "; name another resource");
        }
    }

    private static Value value(PackYaml yaml, Map<String, Parameter> parameters) {
        Object plain = yaml.plain();
        if (plain instanceof String text && text.startsWith("$")) {
            if (!parameters.containsKey(text.substring(1))) {
                throw yaml.problem("the command has no parameter " + text.substring(1) + "; add it to 'parameters'");
            }
            return new Value.Given(text.substring(1));
        }
        if (!(plain instanceof String || plain instanceof Number || plain instanceof Boolean)) {
            throw yaml.problem("a value is a number, a text, true or false, or a parameter such as \"$minutes\"");
        }
        return new Value.Literal(plain);
    }
}
