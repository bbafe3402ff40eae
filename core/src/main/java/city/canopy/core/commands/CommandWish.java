package city.canopy.core.commands;

import city.canopy.devices.envelope.Command.LwM2m;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** What somebody wants of a device. */
public sealed interface CommandWish {
    /** The longest time that a command can wait. */
    Duration LONGEST = Duration.ofDays(7);
    /** How long it waits when nothing is said. */
    Duration USUAL = Duration.ofHours(1);
    /** How many parameters there can be. */
    int MAX_PARAMETERS = 16;
    /** The longest text of a parameter or value. */
    int MAX_TEXT = 1_000;

    /** What commands and parameters are called. */
    Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");

    Duration expiresIn();

    /** By name. */
    record Named(String name, Map<String, Object> parameters, Duration expiresIn) implements CommandWish {
        public Named {
            parameters = Map.copyOf(parameters);
            if (!NAME.matcher(name).matches()) {
                throw new CommandException("bad_command", "A command is called by 1 to 64 of a-z, 0-9 and '_'.");
            }
            if (parameters.size() > MAX_PARAMETERS) {
                throw new CommandException("bad_parameter", "A command has at most " + MAX_PARAMETERS + " parameters.");
            }
            parameters.forEach((parameter, value) -> {
                if (!NAME.matcher(parameter).matches()) {
                    throw new CommandException(
                            "bad_parameter", "A parameter is called by 1 to 64 of a-z, 0-9 and '_'.");
                }
                checkValue(value);
            });
            checkTime(expiresIn);
        }
    }

    /** One operation of LwM2M, as it is. */
    record Raw(LwM2m lwm2m, Duration expiresIn) implements CommandWish {
        private static final Pattern PATH = Pattern.compile("/\\d{1,5}(/\\d{1,5}(/\\d{1,5}(/\\d{1,5})?)?)?");
        private static final Pattern RESOURCE = Pattern.compile("/\\d{1,5}/\\d{1,5}/\\d{1,5}(/\\d{1,5})?");

        public Raw {
            Objects.requireNonNull(lwm2m, "lwm2m");
            boolean reads = lwm2m.operation() == city.canopy.devices.envelope.Command.Operation.READ;
            if (!(reads ? PATH : RESOURCE).matcher(lwm2m.path()).matches()) {
                throw new CommandException(
                        "bad_path",
                        "\"path\" is /OBJECT/INSTANCE/RESOURCE; to read, /OBJECT and /OBJECT/INSTANCE as well.");
            }
            checkValue(lwm2m.value());
            lwm2m.then().ifPresent(then -> checkValue(then.value()));
            checkTime(expiresIn);
        }
    }

    private static void checkValue(Object value) {
        if (value instanceof String text && text.length() > MAX_TEXT) {
            throw new CommandException("bad_parameter", "A text has at most " + MAX_TEXT + " characters.");
        }
    }

    private static void checkTime(Duration expiresIn) {
        if (expiresIn.compareTo(Duration.ofSeconds(1)) < 0 || expiresIn.compareTo(LONGEST) > 0) {
            throw new CommandException("bad_expiry", "\"expires_in\" is PT1S to P7D.");
        }
    }
}
