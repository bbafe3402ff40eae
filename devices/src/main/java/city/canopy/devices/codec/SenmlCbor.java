package city.canopy.devices.codec;

import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;

/**
 * SenML in CBOR ({@code application/senml+cbor}), RFC 8428, section 6: the same as in JSON with whole numbers for
 * labels. Lists and maps of definite and indefinite length, half floats and decimal fractions are taken.
 */
final class SenmlCbor implements Codec {
    private static final CBORFactory CBOR = CBORFactory.builder()
            .streamReadConstraints(SenmlPack.LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Override
    public String name() {
        return "senml-cbor";
    }

    @Override
    public Decoded decode(Uplink uplink, DeviceProfile profile) {
        try (JsonParser parser = CBOR.createParser(uplink.payload())) {
            return new SenmlPack(uplink, profile, SenmlLabel::ofCbor).read(parser);
        } catch (IOException | RuntimeException e) {
            // The CBOR reader of Jackson throws a few unchecked exceptions for broken input.
            return Acceptance.unreadable("SenML", e);
        }
    }
}
