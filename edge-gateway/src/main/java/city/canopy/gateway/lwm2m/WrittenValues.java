package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.leshan.core.node.LwM2mChildNode;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.util.datatype.ULong;

/**
 * What commands write, as Leshan's nodes: in the type that the command names, else the one of the registry, else the
 * value's own. All refusals are {@link IllegalArgumentException}s that say what to do.
 */
final class WrittenValues {
    private static final Pattern DIGITS = Pattern.compile("\\d{1,20}");
    private static final Pattern LINK = Pattern.compile("\\d{1,5}:\\d{1,5}");

    private WrittenValues() {}

    /** A resource, or one instance of it. */
    static LwM2mChildNode node(ResourcePath path, Command.LwM2m command) {
        if (!path.isResource()) {
            throw new IllegalArgumentException("only a resource can be written, not " + path);
        }
        if (path.resourceInstance() == ResourcePath.NONE) {
            return resource(path, command.value(), command.type());
        } else if (command.value() instanceof Map) {
            throw new IllegalArgumentException(path + " is one of a list and takes one value");
        }
        ResourceSpec.Type type = type(path, command.value(), command.type());
        return LwM2mResourceInstance.newInstance(
                path.resourceInstance(), value(path, command.value(), type), ObjectModels.type(type));
    }

    /** The resources of an instance that is to be made, each in the registry's type or its own. */
    static List<LwM2mResource> instance(ResourcePath path, Command.LwM2m command) {
        List<LwM2mResource> resources = new ArrayList<>();
        ((Map<?, ?>) command.value()).forEach((id, value) -> {
            // Which instance it becomes does not matter for a type.
            ResourcePath each = new ResourcePath(path.object(), 0, (Integer) id, ResourcePath.NONE);
            resources.add(resource(each, value, Optional.empty()));
        });
        return resources;
    }

    /** A single value, or a list by the numbers of its instances. */
    static LwM2mResource resource(ResourcePath path, Object value, Optional<ResourceSpec.Type> named) {
        Optional<ResourceSpec> spec = spec(path);
        boolean isList = value instanceof Map;
        if (spec.isPresent() && spec.get().multiple() != isList) {
            throw new IllegalArgumentException(path
                    + (isList ? " takes one value, no list" : " is a list; write {\"0\": value} or to " + path + "/0"));
        }
        if (!isList) {
            ResourceSpec.Type type = type(path, value, named);
            return LwM2mSingleResource.newResource(path.resource(), value(path, value, type), ObjectModels.type(type));
        }
        Map<?, ?> values = (Map<?, ?>) value;
        ResourceSpec.Type type = values.isEmpty() ? type(path, "", named) : listed(path, values, named);
        Map<Integer, Object> instances = new HashMap<>();
        values.forEach((id, each) -> instances.put((Integer) id, value(path, each, type)));
        return LwM2mMultipleResource.newResource(path.resource(), instances, ObjectModels.type(type));
    }

    private static Optional<ResourceSpec> spec(ResourcePath path) {
        return LwM2mObjects.standard().find(path.object(), path.resource());
    }

    private static ResourceSpec.Type type(ResourcePath path, Object value, Optional<ResourceSpec.Type> named) {
        return named.or(() -> spec(path).map(ResourceSpec::type)).orElseGet(() -> own(value));
    }

    /** A list has one type: of whole and other numbers, that of the others. */
    private static ResourceSpec.Type listed(ResourcePath path, Map<?, ?> values, Optional<ResourceSpec.Type> named) {
        List<ResourceSpec.Type> types = values.values().stream()
                .map(each -> type(path, each, named))
                .distinct()
                .toList();
        if (types.size() == 1) {
            return types.get(0);
        } else if (types.size() == 2
                && types.contains(ResourceSpec.Type.INTEGER)
                && types.contains(ResourceSpec.Type.FLOAT)) {
            return ResourceSpec.Type.FLOAT;
        }
        throw new IllegalArgumentException(path + " is written values of several types; write one type, or name it");
    }

    private static ResourceSpec.Type own(Object value) {
        if (value instanceof Boolean) {
            return ResourceSpec.Type.BOOLEAN;
        } else if (value instanceof Long || value instanceof Integer) {
            return ResourceSpec.Type.INTEGER;
        }
        return value instanceof Number ? ResourceSpec.Type.FLOAT : ResourceSpec.Type.STRING;
    }

    private static Object value(ResourcePath path, Object value, ResourceSpec.Type type) {
        try {
            return switch (type) {
                case BOOLEAN -> truth(value);
                case INTEGER -> number(value).longValueExact();
                case UNSIGNED -> unsigned(value);
                case FLOAT -> finite(value);
                case STRING -> value.toString();
                case TIME -> time(value);
                case OPAQUE -> Base64.getDecoder().decode(value.toString());
                case OBJLNK -> link(value);
                case NONE -> throw new IllegalArgumentException("it has no value");
            };
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new IllegalArgumentException(path + " takes " + words(type) + ", not \"" + value + "\"", e);
        }
    }

    private static String words(ResourceSpec.Type type) {
        return switch (type) {
            case OPAQUE -> "opaque (bytes in base64)";
            case OBJLNK -> "objlnk (OBJECT:INSTANCE)";
            case NONE -> "no value";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }

    private static boolean truth(Object value) {
        return switch (value.toString()) {
            case "true", "1", "1.0" -> true;
            case "false", "0", "0.0" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static BigDecimal number(Object value) {
        return new BigDecimal(value.toString().strip());
    }

    /** Beyond a long it comes as a text, as it is read. */
    private static ULong unsigned(Object value) {
        if (value instanceof String text && DIGITS.matcher(text).matches()) {
            return ULong.valueOf(text);
        }
        return ULong.valueOf(BigInteger.valueOf(number(value).longValueExact()));
    }

    private static double finite(Object value) {
        double number = number(value).doubleValue();
        if (Double.isInfinite(number)) {
            throw new ArithmeticException("out of range");
        }
        return number;
    }

    private static ObjectLink link(Object value) {
        if (!LINK.matcher(value.toString()).matches()) {
            throw new IllegalArgumentException("no link");
        }
        return ObjectLink.decodeFromString(value.toString());
    }

    private static Date time(Object value) {
        return value instanceof Number
                ? new Date(Math.multiplyExact(number(value).longValueExact(), 1000L))
                : Date.from(Instant.parse(value.toString()));
    }
}
