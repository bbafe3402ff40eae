package city.canopy.core.app;

import city.canopy.core.access.Principal;
import city.canopy.core.app.Service.Access;
import city.canopy.core.commands.Commands;
import city.canopy.core.commands.IssuedCommand;
import city.canopy.core.commands.ProfileCommands;
import city.canopy.core.gateways.CertificateAuthority;
import city.canopy.core.gateways.Configurations;
import city.canopy.core.gateways.DoorCertificate;
import city.canopy.core.gateways.Gateways;
import city.canopy.core.gateways.UplinkMarks;
import city.canopy.core.health.HealthPart;
import city.canopy.core.http.EnrolRoutes;
import city.canopy.core.ingest.mqtt.MqttConfig;
import city.canopy.core.ingest.mqtt.MqttDoor;
import city.canopy.core.registry.Registry;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.EnvelopeId;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.envelope.RpcJson;
import city.canopy.devices.envelope.SignedConfiguration;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.LwM2m;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Device;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** What the service does for gateways and the devices behind them: enrolment, what they must know, and commands. */
final class GatewaySide implements AutoCloseable {
    private static final String FOLDER = "ca";
    private static final String PART = "gateways";
    private static final Duration WARN_BEFORE = Duration.ofDays(30);

    private final MqttConfig asked;
    private final MqttConfig mqtt;
    private final CertificateAuthority authority;
    private final Gateways gateways;
    private final Configurations configurations;
    private final Commands commands;
    private final UplinkMarks marks;
    private final Registry registry;
    private final Supplier<Profiles> profiles;
    private final Supplier<MqttDoor> door;

    /**
     * @param profiles as the packs stand
     * @param door is asked for only once the service runs
     */
    GatewaySide(
            CoreConfig config,
            Storage storage,
            Access access,
            Supplier<Profiles> profiles,
            Supplier<MqttDoor> door,
            Runnable announce,
            Clock clock) {
        Path folder = config.data().dir().resolve(FOLDER);
        this.asked = config.mqtt();
        this.door = door;
        this.profiles = profiles;
        try {
            this.authority = CertificateAuthority.load(folder, clock);
            this.mqtt = withCertificate(config.mqtt(), folder, clock);
            this.configurations = new Configurations(
                    storage.database(),
                    access.key(),
                    folder,
                    profile -> observed(profiles.get(), profile),
                    (topic, payload) -> door.get().publish(topic, payload),
                    clock);
        } catch (IllegalStateException e) {
            throw new StartException(e.getMessage(), e);
        }
        this.gateways = new Gateways(
                storage.database(),
                access.registry(),
                access.key(),
                authority,
                gateway -> door.get().disconnect(new Principal.OfGateway(gateway.value()).actor()),
                clock);
        this.commands = new Commands(
                storage.database(),
                access.registry()::current,
                new ProfileCommands(profiles),
                this::send,
                announce,
                clock);
        this.marks = new UplinkMarks(storage.database(), clock);
        this.registry = access.registry();
        registry.listen(configurations::wake);
    }

    /** A device of our own door takes its commands in our form or in ThingsBoard's; a gateway knows both itself. */
    private void send(Device device, IssuedCommand issued, Runnable taken) {
        byte[] payload = CommandJson.write(issued.command());
        IntConsumer listeners = count -> {
            if (count > 0) {
                taken.run();
            }
        };
        if (device.gateway() != null) {
            door.get().publish(Topics.gatewayCommands(device.gateway()), payload, listeners);
            return;
        }
        MqttDoor.Own rpc =
                new MqttDoor.Own(device.id(), Topics.myRpcRequest(issued.rpc()), RpcJson.request(issued.command()));
        door.get().publish(Topics.commands(device.id()), payload, rpc, listeners);
    }

    private static List<Observation> observed(Profiles profiles, String profile) {
        return profiles.find(profile)
                .flatMap(DeviceProfile::lwm2m)
                .map(LwM2m::observe)
                .orElse(List.of());
    }

    /** For the MQTT door: who lives behind whom, and how far the gateways have come. */
    city.canopy.core.ingest.mqtt.Gateways behind() {
        return new city.canopy.core.ingest.mqtt.Gateways() {
            @Override
            public boolean isBehind(DeviceId device, String gateway) {
                return registry.current()
                        .find(device)
                        .filter(found -> found.gateway() != null
                                && found.gateway().value().equals(gateway))
                        .isPresent();
            }

            @Override
            public void committed(EnvelopeId last) {
                marks.committed(last);
            }
        };
    }

    /** The door's configuration with the files that it is to use: its own certificate, and whose clients it looks at. */
    private MqttConfig withCertificate(MqttConfig config, Path folder, Clock clock) {
        MqttConfig.MqttTls tls = config.tls();
        if (tls.own()) {
            DoorCertificate.Pair own =
                    DoorCertificate.prepare(folder, authority, config.host(), tls.reachedAs(), clock);
            return config.with(
                    tls.with(own.chain(), own.key(), DoorCertificate.trust(folder, authority, tls.clientCa())));
        } else if (tls.isSet()) {
            return config.with(
                    tls.with(tls.cert(), tls.key(), DoorCertificate.trust(folder, authority, tls.clientCa())));
        }
        return config;
    }

    /** What the MQTT door is opened with. */
    MqttConfig mqtt() {
        return mqtt;
    }

    Gateways gateways() {
        return gateways;
    }

    Configurations configurations() {
        return configurations;
    }

    Profiles profiles() {
        return profiles.get();
    }

    Commands commands() {
        return commands;
    }

    /** How a gateway finds and trusts the door. */
    EnrolRoutes.Reached reached() {
        return new EnrolRoutes.Reached() {
            @Override
            public int port() {
                return door.get().ports().tls();
            }

            @Override
            public int messageBytes() {
                return asked.limits().messageBytes();
            }

            @Override
            public String host(String called) {
                if (!asked.tls().reachedAs().isEmpty()) {
                    return asked.tls().reachedAs();
                }
                boolean everywhere =
                        asked.host().equals("0.0.0.0") || asked.host().equals("::");
                return everywhere ? called : asked.host();
            }

            @Override
            public String trusted() {
                return asked.tls().own()
                        ? authority.pem()
                        : DoorCertificate.trustedBy(asked.tls().cert());
            }

            @Override
            public String configurationKey() {
                return SignedConfiguration.write(configurations.publicKey());
            }
        };
    }

    /** Says when a gateway cannot be told what is new, or its certificate is about to end. */
    HealthPart health() {
        if (!configurations.tooLarge().isEmpty()) {
            String large = String.join(
                    ", ",
                    configurations.tooLarge().keySet().stream()
                            .map(DeviceId::value)
                            .toList());
            return HealthPart.warn(
                    PART,
                    "gateway_config_too_large",
                    "Cấu hình của cổng kết nối quá lớn nên không gửi được: " + large
                            + ". Chuyển bớt thiết bị sang cổng khác hoặc thu hồi mật mã không dùng.",
                    "The configuration of these gateways is more than can be sent: " + large
                            + ". Move devices behind another gateway, or revoke credentials that nobody uses.");
        }
        List<String> ending = gateways.ending(WARN_BEFORE);
        if (ending.isEmpty()) {
            return HealthPart.ok(PART);
        }
        String names = String.join(", ", ending);
        return HealthPart.warn(
                PART,
                "gateway_certificate_ends",
                "Chứng thư của cổng kết nối sắp hoặc đã hết hạn: " + names + ". Cấp mã đăng ký mới cho cổng.",
                "The certificates of these gateways end within 30 days, or have ended: " + names
                        + ". Give each a new token and enrol it again.");
    }

    static String part() {
        return PART;
    }

    @Override
    public void close() {
        configurations.close();
        commands.close();
        marks.close();
    }
}
