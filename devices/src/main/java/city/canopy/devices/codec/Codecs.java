package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All codecs, and which one a message gets: the media type that came with it decides, else its device's profile. A new
 * codec is added in {@link #standard}. Any thread.
 */
public final class Codecs {
    private static final Map<String, String> BY_MEDIA_TYPE = Map.of(
            "application/senml+json", "senml-json",
            "application/senml+cbor", "senml-cbor",
            "application/vnd.oma.lwm2m+tlv", "lwm2m-tlv",
            "application/vnd.oma.lwm2m+json", "lwm2m-json");
    /** What is LwM2M's where the media type says the path of a resource, and anything where it does not. */
    private static final Set<String> BARE = Set.of("text/plain", "application/octet-stream");

    private static final Set<String> JSON = Set.of("canopy-json", "thingsboard-json");

    private final Map<String, Codec> byName = new LinkedHashMap<>();

    private Codecs(List<Codec> codecs) {
        codecs.forEach(codec -> byName.put(codec.name(), codec));
    }

    /** Every codec that Canopy has. */
    public static Codecs standard() {
        return new Codecs(List.of(
                new TelemetryJson("canopy-json", false),
                new TelemetryJson("thingsboard-json", true),
                new SenmlJson(),
                new SenmlCbor(),
                new CayenneLpp(),
                new LwM2mTlv(),
                new LwM2mJson(),
                new LwM2mText()));
    }

    /** The names of all of them. */
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    /** Decodes a message; never throws for what is in it. */
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        if (uplink.payload().length > Acceptance.MAX_BYTES) {
            return Acceptance.refused(
                    RefusalCode.TOO_LARGE, "a payload has at most " + Acceptance.MAX_BYTES + " bytes");
        }
        Codec codec = byName.get(name(uplink.contentType(), profile));
        if (codec == null) {
            return Acceptance.refused(
                    RefusalCode.UNKNOWN_PROFILE,
                    "the profile " + profile.id() + " names a codec that there is not: " + profile.codec());
        }
        return codec.decode(uplink, profile);
    }

    private static String name(String contentType, DeviceProfile profile) {
        if (contentType == null) {
            return profile.codec();
        }
        MediaType media = MediaType.of(contentType);
        String type = media.name();
        if (media.path() != null && BARE.contains(type)) {
            return "lwm2m-text";
        }
        if (type.equals("application/json")) {
            return JSON.contains(profile.codec()) ? profile.codec() : "canopy-json";
        }
        return BY_MEDIA_TYPE.getOrDefault(type, profile.codec());
    }
}
