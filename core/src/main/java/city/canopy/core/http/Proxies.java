package city.canopy.core.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Believes {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} from declared proxies, and from nobody else. */
final class Proxies {
    private final List<Network> trusted;

    Proxies(List<String> trusted) {
        this.trusted = trusted.stream().map(Network::parse).toList();
    }

    Origin origin(HttpServerRequest request) {
        String peer = request.remoteAddress() == null
                ? "unknown"
                : request.remoteAddress().hostAddress();
        String host = request.authority() == null ? "" : request.authority().toString();
        if (!isTrusted(peer)) {
            return new Origin(peer, request.isSSL(), host);
        }
        String proto = last(request.getHeader("X-Forwarded-Proto"));
        String forwardedHost = last(request.getHeader("X-Forwarded-Host"));
        return new Origin(
                client(peer, String.join(",", request.headers().getAll("X-Forwarded-For"))),
                request.isSSL() || "https".equalsIgnoreCase(proto),
                forwardedHost == null ? host : forwardedHost);
    }

    boolean isTrusted(String address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** From the right, the first address that is not one of our proxies: what stands left of it may be invented. */
    private String client(String peer, String forwardedFor) {
        String[] hops = forwardedFor.split(",");
        String client = peer;
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].strip();
            if (NetUtil.createByteArrayFromIpAddressString(hop) == null) {
                return client;
            }
            client = hop;
            if (!isTrusted(hop)) {
                return client;
            }
        }
        return client;
    }

    private static String last(String header) {
        return header == null
                ? null
                : header.substring(header.lastIndexOf(',') + 1).strip();
    }
}
