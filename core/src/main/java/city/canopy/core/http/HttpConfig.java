package city.canopy.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and how the service answers HTTP.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param tlsCert PEM file with the certificate and its chain, or null
 * @param tlsKey PEM file (PKCS#8) with its private key, or null
 * @param trustedProxies addresses or networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-*} is believed
 * @param maxConnections how many connections are kept at once
 */
public record HttpConfig(
        String host, int port, Path tlsCert, Path tlsKey, List<String> trustedProxies, int maxConnections) {
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** @throws IllegalArgumentException saying which key is wrong and how */
    public HttpConfig {
        Objects.requireNonNull(host, "host");
        trustedProxies = List.copyOf(trustedProxies);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("http.port is 0 to 65535, not " + port);
        }
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("http.tls needs both a certificate (cert) and its key (key)");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("http.max_connections is at least 1, not " + maxConnections);
        }
        trustedProxies.forEach(Network::parse);
    }

    /** Plain HTTP on one host and port. */
    public static HttpConfig plain(String host, int port) {
        return new HttpConfig(host, port, null, null, List.of(), DEFAULT_MAX_CONNECTIONS);
    }

    public boolean tls() {
        return tlsCert != null;
    }

    /** Where it really listens: without TLS or a declared proxy in front, on loopback only. */
    public String listenHost() {
        return whyLoopbackOnly().isPresent() ? "127.0.0.1" : host;
    }

    /** Why it does not listen on {@link #host}; empty when it does. */
    public Optional<String> whyLoopbackOnly() {
        if (tls() || !trustedProxies.isEmpty() || isLoopback(host)) {
            return Optional.empty();
        }
        return Optional.of("http listens on 127.0.0.1 only, not on " + host
                + ": passwords and tokens would cross the network in clear text. Set http.tls.cert and http.tls.key, "
                + "or name the TLS proxy in front in http.trusted_proxies.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("http.host: there is no address named " + host, e);
        }
    }
}
