package city.canopy.gateway.bench;

import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.sim.Member;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The devices of a bench, the same in each process: each a thermometer that is observed and sends.
 *
 * @param devices how many
 * @param dtls how many of them speak DTLS; the others plain CoAP
 */
record Crowd(int devices, int dtls) {
    private static final String PROFILE = "thermometer";
    private static final String OBJECT = "/3303/0";

    /** What they send. */
    static final String RESOURCE = OBJECT + "/5700";

    static DeviceId id(int number) {
        return new DeviceId("bench-" + number);
    }

    /** The number of a device; its name is one of these. */
    static int number(DeviceId id) {
        return Integer.parseInt(id.value().substring(id.value().indexOf('-') + 1));
    }

    List<Member> members() {
        return IntStream.range(0, devices)
                .mapToObj(number -> new Member(id(number), psk(number), List.of("/3/0", OBJECT)))
                .toList();
    }

    private Optional<Member.Psk> psk(int number) {
        return number < dtls
                ? Optional.of(new Member.Psk(id(number) + "-key", String.format("%032x", number + 1)))
                : Optional.empty();
    }

    GatewayConfiguration configuration() {
        List<EdgeDevice> all = members().stream()
                .map(member -> new EdgeDevice(
                        member.id(),
                        PROFILE,
                        member.psk()
                                .<List<Credential>>map(psk -> List.of(new Credential.Psk(psk.identity(), psk.keyHex())))
                                .orElse(List.of())))
                .toList();
        Observation temperature = new Observation(
                OBJECT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new GatewayConfiguration(
                new DeviceId("bench"), 1, Instant.EPOCH, "00".repeat(32), all, Map.of(PROFILE, List.of(temperature)));
    }
}
