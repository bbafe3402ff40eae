package city.canopy.gateway.lwm2m;

import java.util.Optional;
import org.eclipse.leshan.core.request.ContentFormat;

/** The media types under which payloads of LwM2M devices go to the service, which reads them. */
final class Payloads {
    private static final byte EMPTY_CBOR_LIST = (byte) 0x80;

    private Payloads() {}

    /**
     * The type of an answer.
     *
     * @param format its CoAP content format
     * @param path what was asked for; the service needs it where the payload itself does not say it
     * @return empty for a format in which no values come
     */
    static Optional<String> mediaType(int format, String path) {
        return switch (format) {
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

    private static Optional<String> of(String type, String path) {
        return Optional.of(type + ";path=\"" + path + "\"");
    }
}
