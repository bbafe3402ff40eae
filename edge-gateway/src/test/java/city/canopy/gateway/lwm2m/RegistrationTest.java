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
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
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
    void aDeviceWithoutACredentialRegistersUnencryptedAndTakesItsLeave() throws Exception {
        world.device("probe", "probe").start();
        TestDevice device = world.add(builder("probe", world.plain())).registered();
        assertThat(state("probe")).isEqualTo(Presence.REGISTERED);
        device.leave();
        LwM2mWorld.until("the device is gone", () -> state("probe") == Presence.GONE);
    }

    @Test
    void aDeviceRegistersWithItsKey() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        world.add(builder("probe", world.psk("probe-key", KEY))).registered();
        assertThat(world.meters
                        .get("canopy.gateway.lwm2m.registrations")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void aDeviceRegistersWithItsCertificateWhoeverIssuedIt() throws Exception {
        Keys keys = Keys.named("probe");
        world.device("probe", "probe", new Credential.X509(keys.fingerprint())).start();
        assertThat(world.add(builder("probe", x509(keys))).next()).isEqualTo("registered");
    }

    @Test
    void aCertificateThatTheDirectoryDoesNotKnowIsRefused() throws Exception {
        world.device("probe", "probe", new Credential.X509(Keys.named("probe").fingerprint()))
                .start();
        assertThat(world.add(builder("probe", x509(Keys.named("probe")))).next())
                .startsWith("refused");
        LwM2mWorld.until("it is counted", () -> world.count("refused", "cause", "certificate") > 0);
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        byte[] wrong = "another of 16 by".getBytes(UTF_8);
        assertThat(world.add(builder("probe", world.psk("probe-key", wrong))).next())
                .startsWith("refused");
    }

    @Test
    void aDeviceIsNotAnotherOne() throws Exception {
        world.device("probe", "probe", psk("probe"))
                .device("other", "probe", psk("other"))
                .start();
        assertThat(world.add(builder("other", world.psk("probe-key", KEY))).next())
                .isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "foreign")).isEqualTo(1);
    }

    @Test
    void aDeviceWithACredentialDoesNotComeUnencrypted() throws Exception {
        world.device("probe", "probe", psk("probe")).start();
        assertThat(world.add(builder("probe", world.plain())).next()).isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "unencrypted")).isEqualTo(1);
    }

    @Test
    void aDeviceOfNobodyIsRefused() throws Exception {
        world.device("probe", "probe").start();
        assertThat(world.add(builder("stranger", world.plain())).next()).isEqualTo("refused FORBIDDEN(403)");
        assertThat(world.count("refused", "cause", "unknown")).isEqualTo(1);
    }

    @Test
    void moreDevicesThanMayBeAreRefused() throws Exception {
        world.most(1).device("a", "probe").device("b", "probe").start();
        world.add(builder("a", world.plain())).registered();
        try (ThinDevice b = new ThinDevice(world.coap())) {
            CoapResponse refused = b.register("b");
            assertThat(refused.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(refused.getOptions().getMaxAge()).isEqualTo(RegistrationDoor.RETRY_SECONDS);
        }
        assertThat(world.count("refused", "cause", "too_many")).isEqualTo(1);
        try (ThinDevice again = new ThinDevice(world.coap())) {
            assertThat(again.register("a").getCode()).isEqualTo(ResponseCode.CREATED);
            assertThat(again.register("stranger").getCode()).isEqualTo(ResponseCode.FORBIDDEN);
        }
    }

    @Test
    void aDeviceThatIsTakenOutOfTheDirectoryIsPutOut() throws Exception {
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
    void aDeviceWhoseLifetimeGoesByIsLostAndStaysSoOverARestart() throws Exception {
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
    void aRegistrationThatCannotBeReadIsDroppedAndTheDeviceRegistersAgain() throws Exception {
        world.device("probe", "probe");
        world.store.put("lwm2m.registrations", "probe", "{\"endpoint\":\"probe\"}".getBytes(UTF_8));
        world.store.put("lwm2m.observations", "00", new byte[] {1, 2});
        world.start();
        assertThat(world.store.list("lwm2m.registrations")).isEmpty();
        assertThat(world.store.list("lwm2m.observations")).isEmpty();
        world.add(builder("probe", world.plain())).registered();
    }

    @Test
    void aGatewayShowsTheCertificateThatItIsGiven(@TempDir Path folder) throws Exception {
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
