package city.canopy.core.ingest;

import city.canopy.devices.model.Uplink;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a device says on its status topic: {@code online} or {@code offline}, plain, or as the member {@code status} of
 * a JSON object. */
final class StatusPayload {
    private static final int LONGEST = 1024;
    private static final JsonFactory JSON = new JsonFactory();

    private StatusPayload() {}

    /** Whether the device says that it is there; empty when the payload is neither word. */
    static Optional<Boolean> read(Uplink uplink) {
        byte[] payload = uplink.payload();
        if (payload.length == 0 || payload.length > LONGEST) {
            return Optional.empty();
        }
        String text = new String(payload, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") ? fromObject(text) : word(text);
    }

    private static Optional<Boolean> fromObject(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean status = parser.currentName().equals("status");
                JsonToken value = parser.nextToken();
                if (status && value == JsonToken.VALUE_STRING) {
                    return word(parser.getText());
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            // Not JSON: for the caller the same as any other text that is neither word.
            return Optional.empty();
        }
    }

    private static Optional<Boolean> word(String text) {
        return switch (text) {
            case "online" -> Optional.of(true);
            case "offline" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
