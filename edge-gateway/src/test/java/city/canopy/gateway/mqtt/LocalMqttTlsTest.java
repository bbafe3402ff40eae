package city.canopy.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.io.FileWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices at the door over TLS: a certificate is known by its fingerprint, whoever made it. */
class LocalMqttTlsTest {
    private static final DeviceId BIN = new DeviceId("bin-1");

    /** A certificate and its key, as files. */
    private record Pair(Path chain, Path key, String fingerprint) {}

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Message> store = new LinkedBlockingQueue<>();
    private final Directory directory = new Directory();
    private LocalMqttDoor door;
    private Pair own;
    private int port;

    @BeforeEach
    void open() throws Exception {
        Pair server = pair("server");
        own = pair("device");
        directory.replace(new GatewayConfiguration(
                new DeviceId("gw-1"),
                1,
                Instant.EPOCH,
                "ab".repeat(32),
                List.of(new EdgeDevice(BIN, "generic-bin", List.of(new Credential.X509(own.fingerprint())))),
                Map.of()));
        Inlet inlet = new Inlet() {
            @Override
            public CompletableFuture<Long> append(Message message) {
                store.add(message);
                return CompletableFuture.completedFuture(1L);
            }
        };
        door = new LocalMqttDoor(
                vertx,
                new LocalMqttConfig("127.0.0.1", -1, 0, server.chain(), server.key(), 10, 4_096, 5),
                directory,
                inlet,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        port = wait(door.start()).tls();
    }

    @AfterEach
    void close() {
        wait(door.stop());
        wait(vertx.close());
    }

    private Pair pair(String name) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        Instant now = Instant.now();
        X500Principal subject = new X500Principal("CN=" + name);
        X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        subject,
                        keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        Path chain = write(name + ".pem", certificate);
        Path key = write(name + ".key", new JcaPKCS8Generator(keys.getPrivate(), null));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return new Pair(chain, key, HexFormat.of().formatHex(digest));
    }

    private Path write(String name, Object what) throws IOException {
        Path file = dir.resolve(name);
        try (JcaPEMWriter pem = new JcaPEMWriter(new FileWriter(file.toFile()))) {
            pem.writeObject(what);
        }
        return file;
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private MqttClient connect(Pair shown) {
        MqttClientOptions options = new MqttClientOptions();
        options.setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
        if (shown != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .setCertPath(shown.chain().toString())
                    .setKeyPath(shown.key().toString()));
        }
        MqttClient client = MqttClient.create(vertx, options);
        wait(client.connect(port, "127.0.0.1"));
        return client;
    }

    @Test
    void aDeviceIsKnownByItsCertificate() throws InterruptedException {
        MqttClient client = connect(own);
        wait(client.publish(Topics.telemetry(BIN), Buffer.buffer("{}"), MqttQoS.AT_LEAST_ONCE, false, false));
        Message message = store.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.device()).isEqualTo(BIN);
    }

    @Test
    void anotherCertificateAndNoneOpenNothing() throws Exception {
        Pair stranger = pair("device");
        assertThatThrownBy(() -> connect(stranger)).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
        assertThatThrownBy(() -> connect(null)).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
    }
}
