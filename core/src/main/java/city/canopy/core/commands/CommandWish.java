package city.canopy.core.commands;

import city.canopy.devices.envelope.Command.LwM2m;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
        private static final String BAD_PATH =
                "\"path\" is /OBJECT/INSTANCE/RESOURCE; to read, /OBJECT and /OBJECT/INSTANCE as well; to create, one of these"
                        + " two; to delete, /OBJECT/INSTANCE.";

        public Raw {
            Objects.requireNonNull(lwm2m, "lwm2m");
            if (!isMeant(lwm2m)) {
                throw new CommandException("bad_path", BAD_PATH);
            }
            checkBytes(lwm2m);
            checkValue(lwm2m.value());
            lwm2m.then().ifPresent(then -> checkValue(then.value()));
            checkTime(expiresIn);
        }

        private static boolean isMeant(LwM2m lwm2m) {
            ResourcePath path = lwm2m.path().startsWith("/") ? ResourcePath.find(lwm2m.path()) : null;
            if (path == null || !path.toString().equals(lwm2m.path())) {
                return false;
            }
            return switch (lwm2m.operation()) {
                case READ -> true;
                case WRITE -> path.isResource();
                case EXECUTE -> path.isResource() && path.resourceInstance() == ResourcePath.NONE;
                case CREATE -> !path.isResource();
                case DELETE -> !path.isResource() && path.instance() != ResourcePath.NONE;
            };
        }

        /** Where bytes are named as such. */
        private static void checkBytes(LwM2m lwm2m) {
            if (lwm2m.type().equals(Optional.of(ResourceSpec.Type.OPAQUE))) {
                checkBytes(lwm2m.value());
                lwm2m.then().ifPresent(then -> checkBytes(then.value()));
            }
        }

        private static void checkBytes(Object value) {
            if (value instanceof Map<?, ?> list) {
                list.values().forEach(Raw::checkBytes);
                return;
            }
            try {
                Base64.getDecoder().decode(value.toString());
            } catch (IllegalArgumentException e) {
                throw new CommandException(
                        "bad_parameter", "Bytes (\"opaque\") are a text in base64, such as \"AP8Q\".");
            }
        }
    }

    private static void checkValue(Object value) {
        if (value instanceof Map<?, ?> list) {
            list.values().forEach(CommandWish::checkValue);
        }
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
