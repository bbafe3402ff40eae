package city.canopy.gateway.store;

import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The form of a message in a record: clock (8), epoch (4), the device's name, how the topic and the media type follow, the
 * payload. Common topics and types take one byte; the numbers of {@link #TYPES} are part of the form and never change.
 */
final class MessageForm {
    private static final List<String> TYPES = List.of(
            "",
            "application/json",
            "application/senml+json",
            "application/senml+cbor",
            "application/vnd.oma.lwm2m+tlv",
            "application/vnd.oma.lwm2m+json",
            "application/octet-stream",
            "text/plain");
    private static final int WRITTEN_OUT = 255;
    private static final int TELEMETRY = 0;
    private static final int STATUS = 1;
    private static final int LWM2M = 2;
    /** The topic of what came by LwM2M. */
    static final String LWM2M_TOPIC = "/lwm2m";

    private MessageForm() {}

    static byte[] write(Message message, long clockMicros, int epoch) {
        byte[] device = message.device().value().getBytes(StandardCharsets.US_ASCII);
        int topicCode = topicCode(message);
        int typeCode = message.contentType() == null ? 0 : TYPES.indexOf(message.contentType());
        byte[] topic = topicCode == WRITTEN_OUT ? utf8(message.topic()) : new byte[0];
        byte[] type = typeCode < 0 ? utf8(message.contentType()) : new byte[0];
        int names = 1 + device.length + 1 + 1;
        int texts = (topicCode == WRITTEN_OUT ? 2 + topic.length : 0) + (typeCode < 0 ? 2 + type.length : 0);
        ByteBuffer buffer = ByteBuffer.allocate(12 + names + texts + message.payload().length);
        buffer.putLong(clockMicros).putInt(epoch);
        buffer.put((byte) device.length).put(device);
        buffer.put((byte) topicCode).put((byte) (typeCode < 0 ? WRITTEN_OUT : typeCode));
        if (topicCode == WRITTEN_OUT) {
            buffer.putShort((short) topic.length).put(topic);
        }
        if (typeCode < 0) {
            buffer.putShort((short) type.length).put(type);
        }
        return buffer.put(message.payload()).array();
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 65_535) {
            throw new StoreException("a topic or media type has at most 65535 bytes");
        }
        return bytes;
    }

    private static int topicCode(Message message) {
        if (message.topic().equals(LWM2M_TOPIC)) {
            return LWM2M;
        } else if (message.topic().equals(Topics.telemetry(message.device()))) {
            return TELEMETRY;
        }
        return message.topic().equals(Topics.status(message.device())) ? STATUS : WRITTEN_OUT;
    }

    static StoredMessage read(long number, byte[] body) {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        long clock = buffer.getLong();
        int epoch = buffer.getInt();
        DeviceId device = new DeviceId(text(buffer, buffer.get() & 0xFF));
        int topicCode = buffer.get() & 0xFF;
        int typeCode = buffer.get() & 0xFF;
        String topic = switch (topicCode) {
            case TELEMETRY -> Topics.telemetry(device);
            case STATUS -> Topics.status(device);
            case LWM2M -> LWM2M_TOPIC;
            default -> text(buffer, buffer.getShort() & 0xFFFF);
        };
        String type = typeCode == WRITTEN_OUT ? text(buffer, buffer.getShort() & 0xFFFF) : TYPES.get(typeCode);
        byte[] payload = new byte[buffer.remaining()];
        buffer.get(payload);
        return new StoredMessage(
                number, clock, epoch, new Message(device, topic, type.isEmpty() ? null : type, payload));
    }

    /** Whether the record holds telemetry, which may be thinned; what devices say of themselves and reply may not. */
    static boolean isTelemetry(byte[] body) {
        int topicCode = body[12 + 1 + (body[12] & 0xFF)] & 0xFF;
        return topicCode == TELEMETRY || topicCode == LWM2M;
    }

    /** The device of a record. */
    static String device(byte[] body) {
        return new String(body, 13, body[12] & 0xFF, StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuffer buffer, int length) {
        String text = new String(buffer.array(), buffer.position(), length, StandardCharsets.UTF_8);
        buffer.position(buffer.position() + length);
        return text;
    }
}
