package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.request.WriteRequest.Mode;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.eclipse.leshan.server.registration.Registration;

/** Commands as requests to a device, and what it answered as a value. */
final class DeviceRequests {
    private static final int MAX_TEXT = 4_000;

    private DeviceRequests() {}

    /** @throws IllegalArgumentException when the command cannot be such a request; says what to do */
    static DownlinkDeviceManagementRequest<? extends LwM2mResponse> of(
            Command.LwM2m command, Registration registration) {
        ResourcePath path = ResourcePath.find(command.path());
        if (path == null) {
            throw new IllegalArgumentException(command.path() + " is no path; write /OBJECT/INSTANCE/RESOURCE");
        }
        return switch (command.operation()) {
            case READ ->
                isKnown(path)
                        ? new ReadRequest(path.toString())
                        : new ReadRequest(telling(registration).orElse(null), path.toString());
            case WRITE -> write(path, command.value(), registration);
            case EXECUTE -> {
                if (!path.isResource()) {
                    throw new IllegalArgumentException("only a resource can be executed, not " + path);
                }
                yield command.value() == null
                        ? new ExecuteRequest(path.toString())
                        : new ExecuteRequest(path.toString(), String.valueOf(command.value()));
            }
        };
    }

    private static WriteRequest write(ResourcePath path, Object value, Registration registration) {
        if (!path.isResource() || path.resourceInstance() != ResourcePath.NONE) {
            throw new IllegalArgumentException("only a resource can be written, not " + path);
        }
        LwM2mSingleResource resource = resource(path, value);
        ContentFormat format =
                isKnown(path) ? format(registration) : telling(registration).orElseGet(() -> format(registration));
        return new WriteRequest(Mode.REPLACE, format, path.toString(), resource);
    }

    private static boolean isKnown(ResourcePath path) {
        return path.isResource()
                ? LwM2mObjects.standard().find(path.object(), path.resource()).isPresent()
                : LwM2mObjects.standard().find(path.object()).isPresent();
    }

    /** A format that says itself what is a number, a text or a truth, where no table does; empty where the device has none. */
    private static Optional<ContentFormat> telling(Registration registration) {
        return Stream.of(ContentFormat.SENML_CBOR, ContentFormat.SENML_JSON)
                .filter(registration.getSupportedContentFormats()::contains)
                .findFirst();
    }

    /** What the device reads for certain, by its version, or else what it says that it reads. */
    private static ContentFormat format(Registration registration) {
        if (registration.getLwM2mVersion().olderThan(LwM2mVersion.V1_1)
                || registration.getSupportedContentFormats().contains(ContentFormat.TLV)) {
            return ContentFormat.TLV;
        }
        return registration.getSupportedContentFormats().contains(ContentFormat.SENML_CBOR)
                ? ContentFormat.SENML_CBOR
                : ContentFormat.SENML_JSON;
    }

    /** The value in the type that the registry gives the resource; of unknown ones, in its own. */
    static LwM2mSingleResource resource(ResourcePath path, Object value) {
        int id = path.resource();
        ResourceSpec.Type type = LwM2mObjects.standard()
                .find(path.object(), id)
                .map(ResourceSpec::type)
                .orElseGet(() -> own(value));
        try {
            return switch (type) {
                case BOOLEAN -> LwM2mSingleResource.newBooleanResource(id, truth(value));
                case INTEGER -> LwM2mSingleResource.newIntegerResource(id, whole(value));
                case UNSIGNED -> LwM2mSingleResource.newUnsignedIntegerResource(id, ULong.valueOf(whole(value)));
                case FLOAT ->
                    LwM2mSingleResource.newFloatResource(
                            id, new BigDecimal(value.toString().strip()).doubleValue());
                case STRING -> LwM2mSingleResource.newStringResource(id, value.toString());
                case TIME -> LwM2mSingleResource.newDateResource(id, time(value));
                case OPAQUE, OBJLNK, NONE ->
                    throw new IllegalArgumentException("the registry gives it a type that commands do not write");
            };
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new IllegalArgumentException(
                    path + " takes " + type.name().toLowerCase(java.util.Locale.ROOT) + ", not \"" + value + "\"", e);
        }
    }

    private static ResourceSpec.Type own(Object value) {
        if (value instanceof Boolean) {
            return ResourceSpec.Type.BOOLEAN;
        } else if (value instanceof Long || value instanceof Integer) {
            return ResourceSpec.Type.INTEGER;
        }
        return value instanceof Number ? ResourceSpec.Type.FLOAT : ResourceSpec.Type.STRING;
    }

    private static boolean truth(Object value) {
        return switch (value.toString()) {
            case "true", "1", "1.0" -> true;
            case "false", "0", "0.0" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static long whole(Object value) {
        return new BigDecimal(value.toString().strip()).longValueExact();
    }

    private static Date time(Object value) {
        return value instanceof Number ? new Date(whole(value) * 1000) : Date.from(Instant.parse(value.toString()));
    }

    /** What a read gave, as a reply carries it: a number, truth or text; an object or instance as one text. */
    static Object value(LwM2mNode node) {
        if (node instanceof LwM2mSingleResource resource) {
            Object value = resource.getValue();
            if (value instanceof ULong number) {
                BigInteger whole = new BigInteger(number.toString());
                // Beyond a long it goes as text, digit by digit.
                return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole.toString();
            } else if (value instanceof Date date) {
                return date.toInstant().toString();
            } else if (value instanceof byte[] bytes) {
                return brief(HexFormat.of().formatHex(bytes));
            }
            return value instanceof Number || value instanceof Boolean ? value : brief(String.valueOf(value));
        }
        return brief(String.valueOf(node));
    }

    private static String brief(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
