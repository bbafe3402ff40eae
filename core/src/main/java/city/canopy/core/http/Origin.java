package city.canopy.core.http;

/**
 * Where a request came from, seen through the declared proxies.
 *
 * @param address the client's IP address
 * @param secure whether it came over TLS, here or up to a declared proxy
 * @param authority host and port as the client knows them, such as {@code canopy.example:8443}
 */
public record Origin(String address, boolean secure, String authority) {
    /** The address of the service as the client knows it, without a slash at its end. */
    public String url() {
        return (secure ? "https://" : "http://") + authority;
    }
}
