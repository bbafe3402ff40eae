package city.canopy.gateway.lwm2m.sim;

import city.canopy.devices.lwm2m.ResourcePath;
import city.canopy.devices.model.DeviceId;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A simulated device.
 *
 * @param psk how it proves who it is, over DTLS; without one it speaks plain CoAP
 * @param links the object instances that it has, such as {@code /3303/0}
 */
public record Member(DeviceId id, Optional<Psk> psk, List<String> links) {
    /** A pre-shared key, in hexadecimal digits. It is not shown. */
    public record Psk(String identity, String keyHex) {
        /** @throws IllegalArgumentException when the key is no hexadecimal number of whole bytes */
        public Psk {
            Objects.requireNonNull(identity, "identity");
            if (keyHex.isEmpty() || HexFormat.of().parseHex(keyHex).length == 0) {
                throw new IllegalArgumentException("the key of " + identity + " is empty");
            }
        }

        @Override
        public String toString() {
            return "Psk[" + identity + "]";
        }
    }

    /** @throws IllegalArgumentException when there are no links, or one is no object instance */
    public Member {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(psk, "psk");
        links = List.copyOf(links);
        if (links.isEmpty()) {
            throw new IllegalArgumentException(id + " has no object instance; give it one, such as /3/0");
        }
        for (String link : links) {
            ResourcePath path = ResourcePath.find(link);
            if (path == null || path.instance() == ResourcePath.NONE || path.resource() != ResourcePath.NONE) {
                throw new IllegalArgumentException(link + " is no object instance; write it as /3303/0");
            }
        }
    }
}
