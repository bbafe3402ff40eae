package city.canopy.gateway.lwm2m;

import city.canopy.devices.lwm2m.ResourcePath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.leshan.core.request.ContentFormat;

/** The media types under which payloads of LwM2M devices go to the service, which reads them. */
final class Payloads {
    private static final byte EMPTY_CBOR_LIST = (byte) 0x80;
    private static final int LONGEST_NUMBER = 64;
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");

    private Payloads() {}

    /**
     * The type of an answer.
     *
     * @param format its CoAP content format; an answer without one is text where it is a single resource's number in
     *     digits, which no other format looks like
     * @param path what was asked for; the service needs it where the payload itself does not say it
     * @return empty for a format in which no values come
     */
    static Optional<String> mediaType(int format, String path, byte[] payload) {
        return switch (format) {
            case MediaTypeRegistry.UNDEFINED -> isNumber(path, payload) ? of("text/plain", path) : Optional.empty();
            case ContentFormat.SENML_JSON_CODE -> Optional.of("application/senml+json");
            case ContentFormat.SENML_CBOR_CODE -> Optional.of("application/senml+cbor");
            case ContentFormat.TLV_CODE, ContentFormat.OLD_TLV_CODE -> of("application/vnd.oma.lwm2m+tlv", path);
            case ContentFormat.JSON_CODE, ContentFormat.OLD_JSON_CODE -> of("application/vnd.oma.lwm2m+json", path);
            case ContentFormat.TEXT_CODE -> of("text/plain", path);
            case ContentFormat.OPAQUE_CODE -> of("application/octet-stream", path);
            default -> Optional.empty();
        };
    }

    /** Whether an answer holds nothing: a device that has none of what was asked for gives an empty list. */
    static boolean isEmpty(byte[] payload) {
        return payload.length == 0
                || payload.length == 1 && payload[0] == EMPTY_CBOR_LIST
                || payload.length == 2 && payload[0] == '[' && payload[1] == ']';
    }

    private static boolean isNumber(String path, byte[] payload) {
        ResourcePath resource = ResourcePath.find(path);
        return resource != null
                && resource.isResource()
                && payload.length <= LONGEST_NUMBER
                && NUMBER.matcher(new String(payload, StandardCharsets.US_ASCII))
                        .matches();
    }

    private static Optional<String> of(String type, String path) {
        return Optional.of(type + ";path=\"" + path + "\"");
    }
}
