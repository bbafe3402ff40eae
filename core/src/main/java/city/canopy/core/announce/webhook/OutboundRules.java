package city.canopy.core.announce.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where webhooks may go: http and https, to public addresses only, so that nobody makes the service knock at doors
 * behind the firewall. Hosts of {@code webhooks.allow} are excepted. A host is checked when the webhook is made and
 * again right before each call, with all addresses that its name then has; the call itself takes its address from the
 * same name cache of the JVM. Redirects are not followed.
 */
public final class OutboundRules {
    private static final int MAX_URL = 2_000;

    private final Set<String> allowedHosts;

    /** @param allowedHosts names or addresses, without port, that may be called wherever they lead */
    public OutboundRules(List<String> allowedHosts) {
        this.allowedHosts = allowedHosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why the address itself, without asking for its host, cannot be a webhook's; empty when it can. */
    public Optional<String> refuses(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("the address must begin with https:// or http://");
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            return Optional.of("the address has no host");
        }
        if (url.getRawUserInfo() != null) {
            return Optional.of("the address must not carry a user name or password; the signature proves who calls");
        }
        if (url.getRawFragment() != null) {
            return Optional.of("the address must not have a #fragment");
        }
        if (url.toString().length() > MAX_URL) {
            return Optional.of("the address may have " + MAX_URL + " characters at most");
        }
        return Optional.empty();
    }

    /** Why the host may not be called now; empty when it may. Asks the name service; blocks. */
    public Optional<String> refusesHost(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (allowedHosts.contains(bare) || allowedHosts.contains(host)) {
            return Optional.empty();
        }
        try {
            boolean allPublic = Arrays.stream(InetAddress.getAllByName(bare)).allMatch(OutboundRules::isPublic);
            return allPublic
                    ? Optional.empty()
                    : Optional.of("the host " + bare + " leads to an address that is not public; if that is meant, an"
                            + " operator can add it to webhooks.allow");
        } catch (UnknownHostException e) {
            return Optional.of("the host " + bare + " is not known to the name service");
        }
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        int[] b = new int[address.getAddress().length];
        for (int i = 0; i < b.length; i++) {
            b[i] = address.getAddress()[i] & 0xff;
        }
        return address instanceof Inet4Address ? isPublic4(b, 0) : isPublic6(b);
    }

    private static boolean isPublic4(int[] b, int at) {
        int first = b[at];
        int second = b[at + 1];
        int third = b[at + 2];
        boolean special = first == 0
                || first == 10
                || first == 127
                || first >= 224
                || first == 100 && second >= 64 && second < 128
                || first == 169 && second == 254
                || first == 172 && second >= 16 && second < 32
                || first == 192 && second == 168
                || first == 192 && second == 0 && (third == 0 || third == 2)
                || first == 198 && (second == 18 || second == 19)
                || first == 198 && second == 51 && third == 100
                || first == 203 && second == 0 && third == 113;
        return !special;
    }

    /** Only global unicast (2000::/3), without the ranges that carry an IPv4 address or are for documents. */
    private static boolean isPublic6(int[] b) {
        if (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b) {
            return isPublic4(b, 12);
        }
        if ((b[0] & 0xe0) != 0x20) {
            return false;
        }
        if (b[0] == 0x20 && b[1] == 0x02) {
            return isPublic4(b, 2);
        }
        boolean teredoOrOrchid = b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02;
        boolean documents =
                b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8 || b[0] == 0x3f && b[1] == 0xff;
        return !teredoOrOrchid && !documents;
    }
}
