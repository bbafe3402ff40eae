package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** SenML in JSON ({@code application/senml+json}), RFC 8428, section 5. What it means: {@link SenmlPack}. */
final class SenmlJson implements Codec {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(SenmlPack.LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Override
    public String name() {
        return "senml-json";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        if (!Utf8.begins(uplink.payload())) {
            return Acceptance.refused(RefusalCode.UNDECODABLE, "not SenML in UTF-8: send it in UTF-8");
        }
        try (JsonParser parser = JSON.createParser(uplink.payload())) {
            return new SenmlPack(uplink, profile, SenmlLabel::ofJson).read(parser);
        } catch (IOException e) {
            return Acceptance.unreadable("SenML", e);
        }
    }
}
