package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.EdgeDevice.Credential;
import city.canopy.devices.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a gateway is told comes over whole, and only from the service that it knows. */
class SignedConfigurationTest {
    private static KeyPair service;

    @BeforeAll
    static void makeKeys() throws Exception {
        service = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private static GatewayConfiguration configuration(int devices) {
        List<EdgeDevice> all = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            all.add(new EdgeDevice(
                    new DeviceId("soil-" + i),
                    "generic-soil",
                    List.of(
                            new Credential.Psk("soil-" + i, "00112233445566778899aabbccddeeff"),
                            new Credential.X509("ab".repeat(32)),
                            new Credential.Token("cd".repeat(32)),
                            new Credential.Password("u" + i, "ef".repeat(32)))));
        }
        return new GatewayConfiguration(
                new DeviceId("gw-1"),
                7,
                Instant.parse("2026-11-03T05:00:00Z"),
                "01".repeat(32),
                all,
                Map.of(
                        "generic-soil",
                        List.of(
                                new Observation(
                                        "/3303/0/5700",
                                        Optional.of(Duration.ofSeconds(60)),
                                        Optional.of(Duration.ofSeconds(900)),
                                        Optional.of(40.0),
                                        Optional.of(-5.0),
                                        Optional.of(0.5)),
                                new Observation(
                                        "/3",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()))));
    }

    @Test
    void whatIsSignedIsReadAsItWas() throws Exception {
        byte[] signed = SignedConfiguration.sign(configuration(2), service.getPrivate());

        assertThat(SignedConfiguration.verify(signed, service.getPublic())).isEqualTo(configuration(2));
    }

    @Test
    void aLargeOneIsPackedAndTheLargestFits() throws Exception {
        GatewayConfiguration largest = configuration(GatewayConfigurationJson.MAX_DEVICES);
        byte[] signed = SignedConfiguration.sign(largest, service.getPrivate());

        assertThat(signed.length).isLessThan(GatewayConfigurationJson.write(largest).length / 2);
        assertThat(SignedConfiguration.verify(signed, service.getPublic())).isEqualTo(largest);
        assertThatThrownBy(() -> GatewayConfigurationJson.write(configuration(20_001)))
                .hasMessageContaining("20000 devices");
    }

    @Test
    void anotherServicesWordIsNotTaken() throws Exception {
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] signed = SignedConfiguration.sign(configuration(1), other.getPrivate());

        assertThatThrownBy(() -> SignedConfiguration.verify(signed, service.getPublic()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("not signed by the service");
    }

    @Test
    void everyChangedByteIsNoticed() {
        byte[] signed = SignedConfiguration.sign(configuration(1), service.getPrivate());
        int inPayload = new String(signed, StandardCharsets.US_ASCII).indexOf("payload\":\"") + 10;
        for (int i = inPayload; i < inPayload + 40; i++) {
            byte[] changed = signed.clone();
            changed[i] = changed[i] == 'A' ? (byte) 'B' : (byte) 'A';
            assertThatThrownBy(() -> SignedConfiguration.verify(changed, service.getPublic()))
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void whatIsNoneIsRefusedWithoutQuotingIt() {
        for (String text :
                List.of("", "[]", "{}", "{\"alg\":\"none\",\"payload\":\"\",\"signature\":\"\"}", "{\"key")) {
            assertThatThrownBy(() ->
                            SignedConfiguration.verify(text.getBytes(StandardCharsets.UTF_8), service.getPublic()))
                    .isInstanceOf(ConfigurationException.class);
        }
        byte[] broken = "{\"digest_key\": 5secret".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> GatewayConfigurationJson.read(broken))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("secret");
        assertThat(configuration(1).toString()).doesNotContain("0101", "0011");
        assertThat(configuration(1).devices().toString()).doesNotContain("00112233");
    }

    @Test
    void theKeyIsToldAsText() throws Exception {
        assertThat(SignedConfiguration.key(SignedConfiguration.write(service.getPublic())))
                .isEqualTo(service.getPublic());
        assertThatThrownBy(() -> SignedConfiguration.key("AAAA")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aDigestIsThatOfTheServicesOwnShape() {
        CredentialDigest digest = new CredentialDigest("01".repeat(32));

        assertThat(digest.of("a", "bc")).hasSize(64).isNotEqualTo(digest.of("ab", "c"));
        assertThat(digest.of("token")).isEqualTo(new CredentialDigest("01".repeat(32)).of("token"));
        assertThat(digest.of("token")).isNotEqualTo(new CredentialDigest("02".repeat(32)).of("token"));
    }
}
