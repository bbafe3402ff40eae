package city.canopy.devices.sim;

import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a simulated device says at one moment.
 *
 * @param sendAt when it is to be published
 * @param device who says it
 * @param measuredAt the time that its clock shows
 * @param values by the key of the payload, rounded to thousandths
 * @param position where it is, if it moves
 */
public record Report(
        Instant sendAt, DeviceId device, Instant measuredAt, Map<String, Double> values, Optional<Position> position) {
    public Report {
        Objects.requireNonNull(sendAt, "sendAt");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(measuredAt, "measuredAt");
        Objects.requireNonNull(position, "position");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The payload in Canopy's own telemetry JSON, in UTF-8. */
    public byte[] toJson() {
        StringBuilder json = new StringBuilder(64 + 32 * values.size())
                .append("{\"ts\":")
                .append(measuredAt.toEpochMilli())
                .append(",\"values\":{");
        String comma = "";
        for (Map.Entry<String, Double> value : values.entrySet()) {
            json.append(comma).append('"').append(value.getKey()).append("\":").append(value.getValue());
            comma = ",";
        }
        if (position.isPresent()) {
            Position place = position.get();
            json.append(comma).append("\"lon\":").append(place.lon());
            json.append(",\"lat\":").append(place.lat());
        }
        return json.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
