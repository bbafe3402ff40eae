package city.canopy.devices.codec;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import city.canopy.devices.model.Reading;
import city.canopy.devices.model.Uplink;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.DeviceProfile.Target;
import city.canopy.devices.profile.QuantitySpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The payloads in {@code vectors/CODEC.json}, and one device whose profile knows much. */
final class Vectors {
    static final List<String> CODECS = List.of(
            "canopy-json",
            "thingsboard-json",
            "senml-json",
            "senml-cbor",
            "cayenne-lpp",
            "lwm2m-tlv",
            "lwm2m-json",
            "lwm2m-text");
    /** With which media type a codec's payloads come where a vector names none. */
    private static final Map<String, String> TYPES = Map.of(
            "lwm2m-tlv", "application/vnd.oma.lwm2m+tlv;path=\"/3303\"",
            "lwm2m-json", "application/vnd.oma.lwm2m+json;path=\"/3303\"",
            "lwm2m-text", "text/plain;path=\"/3303/0/5700\"");

    static final DeviceId DEVICE = new DeviceId("dev-1");
    static final Instant RECEIPT = Instant.parse("2026-03-01T08:00:00Z");

    private Vectors() {}

    /**
     * A payload and what it gives: readings as {@code quantity[.instance]=value[@time]}, then {@code place lon lat}, then
     * refusals as {@code !code}.
     */
    record Vector(String codec, String kind, String says, String type, HexFormatted payload, List<String> gives) {
        @Override
        public String toString() {
            return codec + ", " + kind + ": " + says;
        }
    }

    /** Bytes as a value. */
    record HexFormatted(String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    static List<Vector> of(String codec) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + codec + ".json")) {
            List<Vector> vectors = new ArrayList<>();
            for (JsonNode node : new ObjectMapper().readTree(in)) {
                String hex = node.has("hex")
                        ? node.get("hex").asText()
                        : HexFormat.of().formatHex(node.get("text").asText().getBytes(StandardCharsets.UTF_8));
                List<String> gives = new ArrayList<>();
                node.get("gives").forEach(line -> gives.add(line.asText()));
                vectors.add(new Vector(
                        codec,
                        node.get("kind").asText(),
                        node.get("says").asText(),
                        node.path("type").asText(TYPES.get(codec)),
                        new HexFormatted(hex),
                        gives));
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Decoded decode(String codec, byte[] payload) {
        return decode(codec, TYPES.get(codec), payload);
    }

    static Decoded decode(String codec, String type, byte[] payload) {
        return Codecs.standard().decode(new Uplink(DEVICE, type, payload, RECEIPT), profile(codec));
    }

    /** What a message became, in the words of the vectors. */
    static List<String> lines(Decoded decoded) {
        List<String> lines = new ArrayList<>();
        List<Refusal> refusals;
        if (decoded instanceof Decoded.Readings readings) {
            for (Reading reading : readings.readings()) {
                lines.add(reading.quantity() + (reading.instance() == 0 ? "" : "." + reading.instance()) + "="
                        + reading.value() + (reading.timed() ? "@" + reading.measuredAt() : ""));
            }
            readings.position().ifPresent(place -> lines.add("place " + place.lon() + " " + place.lat()));
            refusals = readings.refusals();
        } else {
            refusals = ((Decoded.Refused) decoded).refusals();
        }
        refusals.forEach(refusal -> lines.add("!" + refusal.code().wire()));
        return lines;
    }

    static DeviceProfile profile(String codec) {
        Map<String, QuantitySpec> quantities = new LinkedHashMap<>();
        add(quantities, "soil_moisture", "%", 0, 100);
        add(quantities, "soil_temperature", "Cel", -40, 85);
        add(quantities, "air_temperature", "Cel", -60, 120);
        add(quantities, "relative_humidity", "%", 0, 100);
        add(quantities, "waste_temperature", "Cel", -40, 300);
        add(quantities, "fill_level", "%", 0, 100);
        add(quantities, "battery", "%", 0, 100);
        add(quantities, "battery_voltage", "V", 0, 60);
        add(quantities, "tilt", "deg", -180, 180);
        add(quantities, "weight", "kg", 0, 10_000);
        add(quantities, "water_level", "m", -5, 20);
        add(quantities, "rainfall", "mm", 0, 1_000);
        add(quantities, "wind_speed", "m/s", 0, 100);
        add(quantities, "noise", "dB", 0, 200);
        add(quantities, "acceleration", "[g]", -16, 16);
        add(quantities, "lid_open", "1", 0, 1);
        add(quantities, "manhole_open", "1", 0, 1);
        add(quantities, "rssi", "dBm", -200, 20);
        add(quantities, "device_errors", "1", 0, 255);
        Map<String, Target> keys = new LinkedHashMap<>(Map.of(
                "level", new Target("fill_level", 0, null),
                "tempF", new Target("waste_temperature", 0, "[degF]"),
                "1:103", new Target("air_temperature", 0, null),
                "2:104", new Target("relative_humidity", 0, null),
                "4:0", new Target("lid_open", 0, null),
                "7:116", new Target("battery_voltage", 0, null),
                "5:113:x", new Target("acceleration", 0, null),
                "5:113:y", new Target("acceleration", 1, null),
                "5:113:z", new Target("acceleration", 2, null)));
        keys.put("3304/5700", new Target("soil_moisture", 0, null));
        keys.put("3304/7/5700", new Target("relative_humidity", 0, null));
        keys.put("3306/5850", new Target("lid_open", 0, null));
        keys.put("3330/5700", new Target("water_level", 0, "cm"));
        keys.put("26241/1", new Target("weight", 0, null));
        return new DeviceProfile(
                "all", Map.of("vi", "Tất cả", "en", "All"), codec, quantities, keys, Duration.ofMinutes(15), false);
    }

    private static void add(Map<String, QuantitySpec> to, String name, String unit, double min, double max) {
        to.put(name, new QuantitySpec(new Quantity(name), unit, min, max, Map.of("vi", name, "en", name)));
    }
}
