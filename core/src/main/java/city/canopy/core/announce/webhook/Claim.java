package city.canopy.core.announce.webhook;

import city.canopy.core.announce.Announced;
import java.net.URI;

/** A delivery that this service holds for a while, with all that is needed to make it. */
record Claim(long delivery, String webhook, URI url, String secret, int attempts, Announced event) {
    @Override
    public String toString() {
        return "delivery " + delivery + " to webhook " + webhook + ", attempt " + attempts;
    }
}
