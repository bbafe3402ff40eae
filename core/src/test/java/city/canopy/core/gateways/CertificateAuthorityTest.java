package city.canopy.core.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority outlives a restart, and the door's certificate is made anew only when it has to be. */
class CertificateAuthorityTest {
    private static final Instant START = Instant.parse("2026-11-03T05:00:00Z");

    @TempDir
    private Path folder;

    private static Clock at(Instant moment) {
        return Clock.fixed(moment, ZoneOffset.UTC);
    }

    @Test
    void itIsTheSameAfterARestart() throws Exception {
        CertificateAuthority first = CertificateAuthority.load(folder, at(START));
        KeyPair key = CertificateAuthority.keyPair();
        X509Certificate made = first.forGateway("gw-1", key.getPublic());

        CertificateAuthority again = CertificateAuthority.load(folder, at(START));
        assertThat(again.pem()).isEqualTo(first.pem());
        assertThat(again.hasSigned(made)).isTrue();
        assertThat(made.getNotAfter().toInstant()).isEqualTo(START.plus(CertificateAuthority.VALID));
        assertThat(made.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(made.getBasicConstraints()).as("it signs nobody").isEqualTo(-1);
        assertThat(ConfigurationKey.load(folder).getPublic())
                .isEqualTo(ConfigurationKey.load(folder).getPublic());
    }

    @Test
    void aBrokenFileStopsTheStartAndIsNotReplaced() throws Exception {
        CertificateAuthority.load(folder, at(START));
        Files.writeString(folder.resolve("ca.key"), "nonsense");
        assertThatThrownBy(() -> CertificateAuthority.load(folder, at(START)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("from the backup");
        assertThat(folder.resolve("ca.key")).hasContent("nonsense");
        ConfigurationKey.load(folder);
        Files.writeString(folder.resolve("config.key"), "nonsense");
        assertThatThrownBy(() -> ConfigurationKey.load(folder)).hasMessageContaining("from the backup");
    }

    @Test
    void theDoorsCertificateIsMadeAnewBeforeItEndsAndForAnotherName() throws Exception {
        CertificateAuthority authority = CertificateAuthority.load(folder, at(START));
        String first = door(authority, "", START);
        assertThat(names(first)).contains("localhost", "127.0.0.1");
        assertThat(door(authority, "", START.plus(Duration.ofDays(600)))).isEqualTo(first);

        String named = door(authority, "canopy.example", START);
        assertThat(named).isNotEqualTo(first);
        assertThat(names(named)).contains("canopy.example");
        assertThat(door(authority, "canopy.example", START)).isEqualTo(named);

        Instant late = START.plus(Duration.ofDays(641));
        CertificateAuthority later = CertificateAuthority.load(folder, at(late));
        assertThat(door(later, "canopy.example", late)).isNotEqualTo(named);
    }

    private String door(CertificateAuthority authority, String name, Instant now) throws Exception {
        return Files.readString(DoorCertificate.prepare(folder, authority, "127.0.0.1", name, at(now))
                .chain());
    }

    private static String names(String chain) throws Exception {
        return CertificateAuthority.certificate(
                        PemFile.blocks(chain, PemFile.CERTIFICATE).get(0))
                .getSubjectAlternativeNames()
                .toString();
    }
}
