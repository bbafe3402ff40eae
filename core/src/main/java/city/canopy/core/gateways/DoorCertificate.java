package city.canopy.core.gateways;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The MQTT door's certificate by the installation's own authority, in {@code data.dir/ca/mqtt.pem} and {@code mqtt.key}.
 * It is made anew at a start when it has less than 90 days left, is of another authority, or lacks a name.
 */
public final class DoorCertificate {
    private static final String KEY = "mqtt.key";
    private static final String CHAIN = "mqtt.pem";
    private static final String TRUST = "clients.pem";
    private static final Duration RENEW = Duration.ofDays(90);
    private static final String ADDRESS = "[0-9.]+|.*:.*";

    private DoorCertificate() {}

    /** Where the door finds its key and its certificate chain. */
    public record Pair(Path chain, Path key) {}

    /**
     * The files, made where they are not there or will not do.
     *
     * @param host where the door listens; for all addresses, each that the machine has becomes a name
     * @param further a name or address by which it is reached, or empty
     */
    public static Pair prepare(Path folder, CertificateAuthority authority, String host, String further, Clock clock) {
        Path chain = folder.resolve(CHAIN);
        Path key = folder.resolve(KEY);
        Collection<String> names = names(host, further);
        if (!Files.exists(chain) || !Files.exists(key) || !serves(chain, authority, names, clock.instant())) {
            try {
                KeyPair pair = CertificateAuthority.keyPair();
                X509Certificate made =
                        authority.forServer(names.iterator().next(), pair.getPublic(), alternatives(names));
                PemFile.write(
                        key, PemFile.text(PemFile.PRIVATE_KEY, pair.getPrivate().getEncoded()));
                PemFile.write(chain, CertificateAuthority.pem(made) + authority.pem());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the MQTT door's key could not be made", e);
            }
        }
        return new Pair(chain, key);
    }

    /**
     * A file of the authorities whose client certificates the door looks at: the installation's own and, where there is
     * one, the city's.
     *
     * @param clientCa PEM, or null
     */
    public static Path trust(Path folder, CertificateAuthority authority, Path clientCa) {
        Path file = folder.resolve(TRUST);
        PemFile.write(file, authority.pem() + (clientCa == null ? "" : PemFile.text(clientCa)));
        return file;
    }

    /**
     * Whom a client must trust to believe a chain: the certificates above the door's own or, where it is alone, that.
     *
     * @param chain PEM
     */
    public static String trustedBy(Path chain) {
        List<byte[]> all = PemFile.blocks(PemFile.text(chain), PemFile.CERTIFICATE);
        return all.stream()
                .skip(all.size() > 1 ? 1 : 0)
                .map(der -> PemFile.text(PemFile.CERTIFICATE, der))
                .collect(Collectors.joining());
    }

    private static boolean serves(Path chain, CertificateAuthority authority, Collection<String> names, Instant now) {
        try {
            X509Certificate known = CertificateAuthority.certificate(PemFile.read(chain, PemFile.CERTIFICATE));
            Collection<List<?>> alternatives = known.getSubjectAlternativeNames();
            return known.getNotAfter().toInstant().isAfter(now.plus(RENEW))
                    && authority.hasSigned(known)
                    && alternatives != null
                    && alternatives.stream()
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.toSet())
                            .containsAll(names);
        } catch (GeneralSecurityException | IllegalStateException e) {
            // Whatever it is, a new one is made in its place.
            return false;
        }
    }

    private static GeneralNames alternatives(Collection<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(name.matches(ADDRESS) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static Collection<String> names(String host, String further) {
        TreeSet<String> names = new TreeSet<>(List.of("localhost", "127.0.0.1"));
        try {
            InetAddress bound = InetAddress.getByName(host);
            if (bound.isAnyLocalAddress()) {
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> address instanceof java.net.Inet4Address)
                        .forEach(address -> names.add(address.getHostAddress()));
                names.add(InetAddress.getLocalHost().getHostName());
            } else {
                names.add(host);
            }
        } catch (UnknownHostException e) {
            // The machine does not know its own name: then nobody calls it by that.
            names.add("localhost");
        } catch (SocketException e) {
            throw new UncheckedIOException("the machine's addresses cannot be read", e);
        }
        if (!further.isEmpty()) {
            names.add(further);
        }
        return names;
    }
}
