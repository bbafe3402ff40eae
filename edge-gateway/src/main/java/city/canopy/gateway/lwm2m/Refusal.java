package city.canopy.gateway.lwm2m;

import city.canopy.devices.model.DeviceId;
import java.util.Locale;
import java.util.Objects;

/**
 * What a LwM2M device does not do though its profile wants it.
 *
 * @param path what was asked for; {@code /} for several at once
 * @param answer the device's answer, such as {@code 4.05}, or the number of its content format; empty where it named none
 */
public record Refusal(DeviceId device, Kind kind, String path, String answer) {
    /** What it does not do. */
    public enum Kind {
        /** It takes no such attributes (pmin, pmax, gt, lt, st). */
        ATTRIBUTES,
        /** It lets it be neither observed nor read. */
        OBSERVE,
        /** It answers in a form that nobody can read. */
        FORMAT;

        /** Its name outside of the program. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Refusal {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(answer, "answer");
    }
}
