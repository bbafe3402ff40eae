package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.node.LwM2mChildNode;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
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
    private static final ObjectMapper JSON = new ObjectMapper();

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
            case WRITE -> write(path, command, registration);
            case CREATE -> create(path, command, registration);
            case DELETE -> {
                if (path.instance() == ResourcePath.NONE || path.isResource()) {
                    throw new IllegalArgumentException("an instance such as /3303/1 is removed, not " + path);
                }
                yield new DeleteRequest(path.object(), path.instance());
            }
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

    private static WriteRequest write(ResourcePath path, Command.LwM2m command, Registration registration) {
        LwM2mChildNode node = WrittenValues.node(path, command);
        return new WriteRequest(Mode.REPLACE, writing(path, registration), new LwM2mPath(path.toString()), node);
    }

    private static ContentFormat writing(ResourcePath path, Registration registration) {
        return isKnown(path) ? format(registration) : telling(registration).orElseGet(() -> format(registration));
    }

    private static CreateRequest create(ResourcePath path, Command.LwM2m command, Registration registration) {
        if (path.isResource()) {
            throw new IllegalArgumentException("an instance such as /3303/1 is made, or /3303 for any, not " + path);
        }
        List<LwM2mResource> resources = WrittenValues.instance(path, command);
        if (path.instance() != ResourcePath.NONE) {
            return new CreateRequest(
                    writing(path, registration), path.object(), new LwM2mObjectInstance(path.instance(), resources));
        } else if (format(registration) != ContentFormat.TLV) {
            throw new IllegalArgumentException(
                    "this device must be told which instance it is to make; create one such as " + path + "/1");
        }
        return new CreateRequest(ContentFormat.TLV, path.object(), resources);
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

    /** What a read gave, as a reply carries it: a number, truth or text; all that is more than one value as JSON in a text. */
    static Object value(LwM2mNode node) {
        if (node instanceof LwM2mSingleResource resource) {
            return brief(value(resource.getValue()));
        } else if (node instanceof LwM2mResourceInstance instance) {
            return brief(value(instance.getValue()));
        }
        return brief(json(node).toString());
    }

    private static JsonNode json(LwM2mNode node) {
        if (node instanceof LwM2mSingleResource resource) {
            return JSON.valueToTree(value(resource.getValue()));
        } else if (node instanceof LwM2mResourceInstance instance) {
            return JSON.valueToTree(value(instance.getValue()));
        }
        ObjectNode json = JSON.createObjectNode();
        new TreeMap<>(children(node)).forEach((id, child) -> json.set(id.toString(), json(child)));
        return json;
    }

    private static Map<Integer, ? extends LwM2mNode> children(LwM2mNode node) {
        if (node instanceof LwM2mMultipleResource list) {
            return list.getInstances();
        } else if (node instanceof LwM2mObjectInstance instance) {
            return instance.getResources();
        }
        return node instanceof LwM2mObject object ? object.getInstances() : Map.of();
    }

    private static Object value(Object value) {
        if (value instanceof ULong number) {
            BigInteger whole = new BigInteger(number.toString());
            // Beyond a long it goes as text, digit by digit.
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole.toString();
        } else if (value instanceof Date date) {
            return date.toInstant().toString();
        } else if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof Link[] links) {
            return new DefaultLinkSerializer().serializeCoreLinkFormat(links);
        } else if (value instanceof ObjectLink link) {
            return link.encodeToString();
        }
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    private static Object brief(Object value) {
        return value instanceof String text && text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : value;
    }
}
