package city.canopy.devices.codec;

import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.lwm2m.ResourceSpec;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import java.nio.charset.StandardCharsets;

/**
 * One resource of a LwM2M device as plain text ({@code text/plain;path="/3303/0/5700"}), LwM2M core 1.1, section 7.4.1;
 * bytes ({@code application/octet-stream;path=…}) are refused, for they are no number. At most {@value #MAX_LENGTH} bytes.
 */
final class LwM2mText implements Codec {
    static final int MAX_LENGTH = 1024;

    @Override
    public String name() {
        return "lwm2m-text";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        byte[] payload = uplink.payload();
        MediaType type = uplink.contentType() == null ? null : MediaType.of(uplink.contentType());
        ResourcePath path = type == null || type.path() == null ? null : ResourcePath.find(type.path());
        if (path == null || !path.isResource()) {
            return Acceptance.refused(
                    RefusalCode.UNDECODABLE,
                    "a bare value means nothing without its resource's path in the media type");
        }
        if (payload.length == 0) {
            return Acceptance.refused(RefusalCode.EMPTY, "the payload is empty");
        }
        if (payload.length > MAX_LENGTH) {
            return Acceptance.refused(RefusalCode.TOO_LARGE, "a value as text has at most " + MAX_LENGTH + " bytes");
        }
        Acceptance acceptance = new Acceptance(uplink, profile);
        LwM2mValues values = new LwM2mValues(profile, acceptance);
        String text = type.name().equals("text/plain") ? new String(payload, StandardCharsets.UTF_8).strip() : "";
        Double number = isNumber(path) ? number(text) : null;
        if (number == null) {
            values.text(path, text);
        } else {
            values.number(path, number, null, null);
        }
        values.resolve();
        return acceptance.decoded();
    }

    /** What the registry does not know may be one: the profile's keys decide. */
    private static boolean isNumber(ResourcePath path) {
        return LwM2mObjects.standard()
                .find(path.object(), path.resource())
                .map(ResourceSpec::isNumber)
                .orElse(true);
    }

    private static Double number(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> "+-.0123456789eE".indexOf(c) < 0)) {
            return null;
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
