package city.canopy.core.http;

import city.canopy.core.access.Principal;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code /a/LAYER/FEATURE}, as it is printed as a QR code on the sign at a tree or a bin: who is logged in comes to the
 * feature on the map, everybody else to its public page, or to the log-in where it has none.
 */
public final class SignRoutes implements Routes {
    private final PgLayers layers;

    public SignRoutes(PgLayers layers) {
        this.layers = Objects.requireNonNull(layers, "layers");
    }

    @Override
    public void mount(Api api) {
        api.get("/a/{layer}/{featureId}")
                .named("followSign", "From the code on a sign to the feature that it is about")
                .open()
                .answers(303, "to the map, or to the feature's public page", null)
                .blocking(this::follow);
    }

    private Answer follow(Call call) {
        String layer = call.path("layer");
        String id = call.path("featureId");
        boolean loggedIn =
                call.caller().filter(Principal.OfUser.class::isInstance).isPresent();
        Optional<LayerDefinition> definition = layers.findDefinition(layer);
        boolean isPublic = definition.map(LayerDefinition::isPublic).orElse(false);
        if ((loggedIn || isPublic) && layers.find(layer, id).isEmpty()) {
            throw ProblemException.notFound(
                    "The sign is about something that is not on the map any more: " + layer + "/" + id + ".");
        }
        String target = loggedIn || !isPublic
                ? "/?feature=" + encoded(layer) + "/" + encoded(id)
                : "/ogc/collections/" + encoded(layer) + "/items/" + encoded(id) + "?f=html";
        return Answer.bytes(303, "text/plain", new byte[0])
                .with("location", target)
                .with("cache-control", "no-store");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
