package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.KEY;
import static city.canopy.gateway.lwm2m.LwM2mWorld.psk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.lwm2m.DeviceState.Presence;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.leshan.client.object.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may register as whom. */
class RegistrationTest {
    private final LwM2mWorld world = new LwM2mWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_device_without_a_credential_registers_unencrypted_and_takes_its_leave() throws Exception {
        world.device("probe", "probe").start();
        TestDevice device = world.add(builder("probe", world.plain())).registered();
        assertThat(state("probe")).isEqualTo(Presence.REGISTERED);
        device.leave();
        LwM2mWorld.until("the device is gone", () -> state("probe") == Presence.GONE);
    }

    @Test
    void a_device_registers_with_its_key() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        world.add(builder("probe", world.psk("probe-key", KEY))).registered();
        assertThat(world.meters
                        .get("canopy.gateway.lwm2m.registrations")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void a_device_registers_with_its_certificate_whoever_issued_it() throws Exception {
        Keys keys = Keys.named("probe");
        world.device("probe", "probe", new Credential.X509(keys.fingerprint())).start();
        assertThat(world.add(builder("probe", x509(keys))).next()).isEqualTo("registered");
    }

    @Test
    void a_certificate_that_the_directory_does_not_know_is_refused() throws Exception {
        world.device("probe", "probe", new Credential.X509(Keys.named("probe").fingerprint()))
                .start();
        assertThat(world.add(builder("probe", x509(Keys.named("probe")))).next())
                .startsWith("refused");
        LwM2mWorld.until("it is counted", () -> world.count("refused", "cause", "certificate") > 0);
    }

    @Test
    void a_wrong_key_is_refused() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        byte[] wrong = "another of 16 by".getBytes(UTF_8);
        assertThat(world.add(builder("probe", world.psk("probe-key", wrong))).next())
                .startsWith("refused");
    }

    @Test
    void a_device_is_not_another_one() throws Exception {
        world.device("probe", "probe", psk("probe"))
                .device("other", "probe", psk("other"))
                .start();
        assertThat(world.add(builder("other", world.psk("probe-key", KEY))).next())
                .isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "foreign")).isEqualTo(1);
    }

    @Test
    void a_device_with_a_credential_does_not_come_unencrypted() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        assertThat(world.add(builder("probe", world.plain())).next()).isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "unencrypted")).isEqualTo(1);
    }

    @Test
    void a_device_of_nobody_is_refused() throws Exception {
        world.device("probe", "probe").start();
        assertThat(world.add(builder("stranger", world.plain())).next()).isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "unknown")).isEqualTo(1);
    }

    @Test
    void more_devices_than_may_be_are_refused() throws Exception {
        world.most(1).device("a", "probe").device("b", "probe").start();
        world.add(builder("a", world.plain())).registered();
        assertThat(world.add(builder("b", world.plain())).next()).isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "too_many")).isEqualTo(1);
    }

    @Test
    void a_device_that_is_taken_out_of_the_directory_is_put_out() throws Exception {
        world.device("probe", "probe").start();
        TestDevice device = world.add(builder("probe", world.plain())).registered();
        world.remove("probe");
        LwM2mWorld.until(
                "the device is not known any more",
                () -> world.gateway.find(new DeviceId("probe")).isEmpty());
        device.update();
        assertThat(device.next()).contains("refused");
    }

    @Test
    void a_device_whose_lifetime_goes_by_is_lost_and_stays_so_over_a_restart() throws Exception {
        world.device("probe", "probe").start();
        try (ThinDevice thin = new ThinDevice(world.coap())) {
            thin.register("probe", 1);
            LwM2mWorld.until("it is lost", () -> state("probe") == Presence.LOST);
            world.kill();
            world.start();
            assertThat(state("probe")).isEqualTo(Presence.LOST);
            assertThat(world.gateway.states()).hasSize(1);
            thin.register("probe", 300);
            LwM2mWorld.until("it is back", () -> state("probe") == Presence.REGISTERED);
        }
    }

    @Test
    void a_registration_that_cannot_be_read_is_dropped_and_the_device_registers_again() throws Exception {
        world.device("probe", "probe");
        world.store.put("lwm2m.registrations", "probe", "{\"endpoint\":\"probe\"}".getBytes(UTF_8));
        world.store.put("lwm2m.observations", "00", new byte[] {1, 2});
        world.start();
        assertThat(world.store.list("lwm2m.registrations")).isEmpty();
        assertThat(world.store.list("lwm2m.observations")).isEmpty();
        world.add(builder("probe", world.plain())).registered();
    }

    @Test
    void a_gateway_shows_the_certificate_that_it_is_given(@TempDir Path folder) throws Exception {
        Keys keys = Keys.named("gateway");
        Path certificate = Files.writeString(
                folder.resolve("gateway.crt"),
                pem("CERTIFICATE", keys.certificate().getEncoded()));
        Path key = Files.writeString(
                folder.resolve("gateway.key"),
                pem("PRIVATE KEY", keys.pair().getPrivate().getEncoded()));
        LwM2mConfig config = new LwM2mConfig("127.0.0.1", 0, 0, certificate, key, 10, 65_536, Duration.ofSeconds(3));
        world.start();
        ServerIdentity identity = ServerIdentity.of(config, world.store, world.clock);
        assertThat(identity.chain()).containsExactly(keys.certificate());
        assertThat(identity.key()).isEqualTo(keys.pair().getPrivate());
        Files.writeString(key, "not a key");
        assertThatThrownBy(() -> ServerIdentity.of(config, world.store, world.clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("name a PEM file of each");
    }

    private static String pem(String name, byte[] der) {
        return "-----BEGIN " + name + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END " + name + "-----\n";
    }

    private TestDevice.Builder builder(String endpoint, Security security) {
        return new TestDevice.Builder(endpoint, security);
    }

    private Presence state(String device) {
        return world.gateway
                .find(new DeviceId(device))
                .map(DeviceState::presence)
                .orElse(null);
    }

    private Security x509(Keys keys) throws Exception {
        byte[] server = world.store.find("lwm2m.identity", "certificate").orElseThrow();
        return Security.x509(
                world.coaps(),
                1,
                keys.certificate().getEncoded(),
                keys.pair().getPrivate().getEncoded(),
                server);
    }

    /** A key and its self-signed certificate. */
    private record Keys(KeyPair pair, X509Certificate certificate) {
        static Keys named(String name) throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            X500Name subject = new X500Name("CN=" + name);
            Instant now = Instant.now();
            return new Keys(
                    pair,
                    new JcaX509CertificateConverter()
                            .getCertificate(new JcaX509v3CertificateBuilder(
                                            subject,
                                            BigInteger.ONE,
                                            Date.from(now.minusSeconds(3_600)),
                                            Date.from(now.plusSeconds(86_400)),
                                            subject,
                                            pair.getPublic())
                                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
        }

        String fingerprint() throws Exception {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        }
    }
}
