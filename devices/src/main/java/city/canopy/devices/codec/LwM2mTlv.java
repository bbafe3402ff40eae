package city.canopy.devices.codec;

import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * LwM2M's own binary form ({@code application/vnd.oma.lwm2m+tlv}), LwM2M core 1.1, section 7.4.3. The numbers in it count
 * from the path that was asked for, which the media type carries; types are those of {@link LwM2mObjects}, since the
 * payload does not say them. Nesting is three deep by nature. What came before a broken field is kept. What the values
 * mean: {@link LwM2mValues}.
 */
final class LwM2mTlv implements Codec {
    private static final int OBJECT_INSTANCE = 0;
    private static final int RESOURCE_INSTANCE = 1;
    private static final int MULTIPLE = 2;
    private static final int RESOURCE = 3;

    @Override
    public String name() {
        return "lwm2m-tlv";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        if (uplink.payload().length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        String said = uplink.contentType() == null
                ? null
                : MediaType.of(uplink.contentType()).path();
        ResourcePath path = said == null ? null : ResourcePath.find(said);
        if (path == null) {
            return Acceptance.refused(
                    RefusalCode.UNDECODABLE, "TLV means nothing without the path that was asked for in its media type");
        }
        Acceptance acceptance = new Acceptance(uplink, profile);
        LwM2mValues values = new LwM2mValues(profile, acceptance);
        try {
            read(ByteBuffer.wrap(uplink.payload()), path, Level.ANSWER, values);
        } catch (TlvException e) {
            acceptance.refuse(e.code, e.getMessage());
        }
        values.resolve();
        return acceptance.decoded();
    }

    /** The payload goes no further. */
    private static final class TlvException extends Exception {
        private static final long serialVersionUID = 1L;

        private final RefusalCode code;

        TlvException(RefusalCode code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    /** How deep a field lies. */
    private enum Level {
        ANSWER,
        OBJECT_INSTANCE,
        RESOURCE
    }

    /** Reads the fields of one level; {@code path} is what they lie in. */
    private static void read(ByteBuffer in, ResourcePath path, Level level, LwM2mValues values) throws TlvException {
        while (in.hasRemaining()) {
            if (values.isFull()) {
                throw new TlvException(
                        RefusalCode.TOO_LARGE, "a message has at most " + Acceptance.MAX_VALUES + " values");
            }
            int start = in.position();
            int type = in.get() & 0xff;
            int id = number(in, (type & 0x20) == 0 ? 1 : 2, start);
            int lengthBytes = type >> 3 & 3;
            int length = lengthBytes == 0 ? type & 7 : number(in, lengthBytes, start);
            if (length > in.remaining()) {
                throw cutOff(start);
            }
            ByteBuffer value = in.slice(in.position(), length);
            in.position(in.position() + length);
            field(type >> 6, id, value, path, level, values);
        }
    }

    private static void field(int kind, int id, ByteBuffer value, ResourcePath path, Level level, LwM2mValues values)
            throws TlvException {
        switch (kind) {
            case OBJECT_INSTANCE -> {
                expect(
                        level == Level.ANSWER
                                && !path.isResource()
                                && (path.instance() == ResourcePath.NONE || path.instance() == id),
                        id,
                        path);
                read(
                        value,
                        new ResourcePath(path.object(), id, ResourcePath.NONE, ResourcePath.NONE),
                        Level.OBJECT_INSTANCE,
                        values);
            }
            case MULTIPLE -> read(value, resource(path, id, level), Level.RESOURCE, values);
            case RESOURCE -> value(value, resource(path, id, level), values);
            case RESOURCE_INSTANCE -> {
                expect(
                        path.isResource()
                                && (path.resourceInstance() == ResourcePath.NONE || path.resourceInstance() == id),
                        id,
                        path);
                value(value, new ResourcePath(path.object(), path.instance(), path.resource(), id), values);
            }
            default -> throw new IllegalStateException("two bits have four values");
        }
    }

    /** A single-instance object may leave its instance away. */
    private static ResourcePath resource(ResourcePath path, int id, Level level) throws TlvException {
        expect(level != Level.RESOURCE, id, path);
        expect(path.resource() == ResourcePath.NONE || path.resource() == id, id, path);
        return new ResourcePath(path.object(), Math.max(path.instance(), 0), id, ResourcePath.NONE);
    }

    private static void expect(boolean right, int id, ResourcePath path) throws TlvException {
        if (!right) {
            throw new TlvException(RefusalCode.UNDECODABLE, "the field " + id + " does not belong into " + path);
        }
    }

    private static int number(ByteBuffer in, int bytes, int start) throws TlvException {
        if (in.remaining() < bytes) {
            throw cutOff(start);
        }
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in.get() & 0xff;
        }
        return number;
    }

    private static TlvException cutOff(int start) {
        return new TlvException(RefusalCode.UNDECODABLE, "the payload is cut off in the field at byte " + start);
    }

    private static void value(ByteBuffer value, ResourcePath path, LwM2mValues values) {
        Optional<ResourceSpec> spec = LwM2mObjects.standard().find(path.object(), path.resource());
        ResourceSpec.Type type = spec.map(ResourceSpec::type).orElse(ResourceSpec.Type.OPAQUE);
        Double number = switch (type) {
            case INTEGER, UNSIGNED, TIME -> integer(value);
            case FLOAT -> real(value);
            case BOOLEAN -> truth(value);
            case STRING, OPAQUE, OBJLNK, NONE -> null;
        };
        if (number != null) {
            values.number(path, number, null, null);
        } else {
            values.text(
                    path,
                    type == ResourceSpec.Type.STRING
                            ? StandardCharsets.UTF_8.decode(value).toString()
                            : "");
        }
    }

    private static Double integer(ByteBuffer value) {
        return switch (value.remaining()) {
            case 1 -> (double) value.get();
            case 2 -> (double) value.getShort();
            case 4 -> (double) value.getInt();
            case 8 -> (double) value.getLong();
            default -> null;
        };
    }

    private static Double real(ByteBuffer value) {
        return switch (value.remaining()) {
            case 4 -> shortest(value.getFloat());
            case 8 -> value.getDouble();
            default -> null;
        };
    }

    /** What a person would write: 23.1 and not 23.100000381469727. */
    private static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    private static Double truth(ByteBuffer value) {
        if (value.remaining() != 1) {
            return null;
        }
        byte truth = value.get();
        return truth == 0 || truth == 1 ? (double) truth : null;
    }
}
