package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.packs.Packs;
import city.canopy.devices.profile.DeviceProfile;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Supplier;

/** What the packs bring by way of words: quantities, ticket services and device profiles, each list whole. */
public final class CatalogueRoutes implements Routes {
    private final Supplier<Packs> packs;

    public CatalogueRoutes(Supplier<Packs> packs) {
        this.packs = packs;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/quantities")
                .named("listQuantities", "What can be measured, with its unit and limits")
                .needs(Role.VIEWER)
                .answers(200, "quantities", Schema.page(Schema.any()))
                .blocking(call -> items(quantities(packs.get())));
        api.get("/api/v1/services")
                .named("listServices", "What a ticket may call for, and within what time")
                .needs(Role.VIEWER)
                .answers(200, "ticket services", Schema.page(Schema.any()))
                .blocking(call -> items(services(packs.get())));
        api.get("/api/v1/profiles")
                .named("listProfiles", "Types of devices and what they measure")
                .needs(Role.VIEWER)
                .answers(200, "device profiles", Schema.page(Schema.any()))
                .blocking(call -> items(profiles(packs.get())));
    }

    private static Answer items(ArrayNode items) {
        ObjectNode json = Json.object();
        json.set("items", items);
        return Answer.json(json);
    }

    static ArrayNode profiles(Packs packs) {
        ArrayNode profiles = Json.array();
        for (DeviceProfile profile : packs.profiles().list()) {
            ObjectNode item = profiles.addObject()
                    .put("id", profile.id())
                    .put("codec", profile.codec())
                    .put("reports_every_s", profile.reportEvery().toSeconds())
                    .put("moving", profile.moving());
            item.set("title", TraceJson.texts(profile.title()));
            ArrayNode quantities = item.putArray("quantities");
            profile.quantities().keySet().stream().sorted().forEach(quantities::add);
        }
        return profiles;
    }

    static ArrayNode quantities(Packs packs) {
        ArrayNode quantities = Json.array();
        packs.quantities().list().forEach(spec -> {
            ObjectNode item = quantities
                    .addObject()
                    .put("name", spec.quantity().name())
                    .put("unit", spec.unit())
                    .put("min", spec.min())
                    .put("max", spec.max());
            item.set("title", TraceJson.texts(spec.title()));
        });
        return quantities;
    }

    static ArrayNode services(Packs packs) {
        ArrayNode services = Json.array();
        packs.services().values().forEach(service -> {
            ObjectNode item = services.addObject()
                    .put("id", service.id())
                    .put("pack", service.pack())
                    .put("target_s", service.target().toSeconds())
                    .put("priority", service.priority().wire());
            item.set("title", TraceJson.texts(service.title()));
        });
        return services;
    }
}
