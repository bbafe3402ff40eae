package city.canopy.core.announce.webhook;

import java.util.List;

/**
 * How webhooks are called.
 *
 * @param allow hosts that may be called although their addresses are not public; names or addresses without port
 */
public record WebhookConfig(List<String> allow) {
    /** @throws IllegalArgumentException when an entry is not a bare host */
    public WebhookConfig {
        allow = List.copyOf(allow);
        for (String host : allow) {
            if (host.isBlank() || host.contains("/") || host.contains(" ") || host.contains("*")) {
                throw new IllegalArgumentException(
                        "webhooks.allow lists hosts such as erp.example.vn or 10.0.0.7, without scheme, port or *, not \""
                                + host + "\"");
            }
        }
    }
}
