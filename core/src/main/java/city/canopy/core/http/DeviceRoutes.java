package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.registry.DeviceFilter;
import city.canopy.core.registry.DeviceRow;
import city.canopy.core.registry.Enrolment;
import city.canopy.core.registry.Registry;
import city.canopy.core.registry.RegistryException;
import city.canopy.core.series.SeriesQuery;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Binding;
import city.canopy.devices.registry.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Devices: enrolling, looking, changing, and new credentials. */
public final class DeviceRoutes implements Routes {
    private final Registry registry;
    private final Supplier<Profiles> profiles;
    private final PgLayers layers;
    private final SeriesQuery series;
    private final Audit audit;

    public DeviceRoutes(
            Registry registry, Supplier<Profiles> profiles, PgLayers layers, SeriesQuery series, Audit audit) {
        this.registry = registry;
        this.profiles = profiles;
        this.layers = layers;
        this.series = series;
        this.audit = audit;
    }

    @Override
    public void mount(Api api) {
        ObjectNode device = DeviceJson.schema();
        api.get("/api/v1/devices")
                .named("listDevices", "Devices by id")
                .needs(Role.VIEWER)
                .query("profile", Schema.text(), "of this profile")
                .query("layer", Schema.text(), "bound to a feature of this layer")
                .query("feature", Schema.text(), "bound to the feature with this id")
                .query("q", Schema.text(), "with this in the id or the name")
                .paged()
                .answers(200, "a page", Schema.page(device))
                .blocking(this::list);
        api.post("/api/v1/devices")
                .named("enrolDevice", "Enrol a device; a secret is shown once")
                .needs(Role.DISPATCHER)
                .json(DeviceJson.wishSchema())
                .answers(201, "the device with its secret", device)
                .blocking(this::enrol);
        api.get("/api/v1/devices/{id}")
                .named("getDevice", "One device")
                .needs(Role.VIEWER)
                .answers(200, "the device", device)
                .blocking(call -> Answer.json(json(get(call))));
        api.patch("/api/v1/devices/{id}")
                .named(
                        "changeDevice",
                        "Bind a device to something else, name it, move it behind a gateway, take it out of service")
                .needs(Role.DISPATCHER)
                .json(Schema.optional(DeviceJson.wishSchema()))
                .answers(200, "the device", device)
                .blocking(this::change);
        api.delete("/api/v1/devices/{id}")
                .named("removeDevice", "Remove a device that never said anything")
                .needs(Role.DISPATCHER)
                .answers(204, "removed", null)
                .blocking(this::remove);
        api.post("/api/v1/devices/{id}/credentials")
                .named("rotateCredential", "Give a device another credential; the old ones are revoked")
                .needs(Role.DISPATCHER)
                .json(DeviceJson.credentialSchema())
                .answers(201, "the new credential with its secret", Schema.any())
                .blocking(this::rotate);
    }

    private Answer list(Call call) {
        Paging paging = Paging.of(call);
        List<DeviceRow> rows = registry.list(
                new DeviceFilter(call.query("profile"), call.query("layer"), call.query("feature"), call.query("q")),
                paging.key().orElse(""),
                paging.fetch());
        return Answer.json(
                paging.page(call, rows, this::json, row -> row.device().id().value()));
    }

    private Answer enrol(Call call) {
        Enrolment wish = DeviceJson.enrolment(call.json());
        Optional<Enrolment.Issued> issued =
                attempt(() -> registry.enrol(List.of(wish))).get(0);
        audit.write(call.actor(), "device.enrol", wish.id().value());
        ObjectNode json = json(registry.find(wish.id()).orElseThrow());
        issued.ifPresent(credential -> json.set("credentials", DeviceJson.issued(credential)));
        return Answer.created("/api/v1/devices/" + wish.id(), json);
    }

    private Answer change(Call call) {
        DeviceRow row = get(call);
        DeviceId id = row.device().id();
        JsonBody body = call.json();
        Optional<Binding> binding = DeviceJson.binding(body);
        Optional<String> name = body.mentions("name") ? body.optionalText("name") : row.name();
        boolean disabled = body.optionalFlag("disabled").orElse(row.disabled());
        boolean moves = body.mentions("gateway");
        Optional<DeviceId> gateway = body.optionalText("gateway").map(text -> DeviceJson.deviceId(body, text));
        body.done();
        attempt(() -> {
            if (moves && !gateway.equals(Optional.ofNullable(row.device().gateway()))) {
                registry.move(id, gateway);
            }
            binding.filter(wish -> !wish.equals(row.device().binding())).ifPresent(wish -> registry.rebind(id, wish));
            registry.update(id, name, disabled);
            return null;
        });
        audit.write(call.actor(), "device.change", id.value());
        return Answer.json(json(get(call)));
    }

    private Answer remove(Call call) {
        DeviceId id = get(call).device().id();
        attempt(() -> {
            registry.remove(id);
            return null;
        });
        audit.write(call.actor(), "device.remove", id.value());
        return Answer.none();
    }

    private Answer rotate(Call call) {
        DeviceId id = get(call).device().id();
        JsonBody body = call.json();
        Enrolment.NewCredential wish = DeviceJson.credential(body);
        body.done();
        Enrolment.Issued issued = attempt(() -> registry.rotate(id, wish));
        audit.write(call.actor(), "device.credential", id.value());
        return Answer.json(201, DeviceJson.issued(issued));
    }

    /** Says a registry's refusal as a problem. */
    static <T> T attempt(java.util.function.Supplier<T> work) {
        try {
            return work.get();
        } catch (RegistryException e) {
            if (e.code().equals("gateway_needed")) {
                throw ProblemException.badRequest(e.code(), e.getMessage());
            }
            boolean taken = e.code().startsWith("already") || e.code().startsWith("has_");
            throw taken
                    ? ProblemException.conflict(e.code(), e.getMessage())
                    : ProblemException.unacceptable(e.code(), e.getMessage());
        }
    }

    private DeviceRow get(Call call) {
        String id = call.path("id");
        return (DeviceId.isValid(id) ? registry.find(new DeviceId(id)) : Optional.<DeviceRow>empty())
                .orElseThrow(() -> ProblemException.notFound("No device " + id + " is enrolled."));
    }

    private ObjectNode json(DeviceRow row) {
        Device device = row.device();
        ObjectNode json = DeviceJson.of(row);
        if (device.binding() instanceof Binding.ToFeature feature) {
            layers.find(feature.layer(), feature.featureId())
                    .map(found -> found.geometry().getInteriorPoint())
                    .ifPresent(place -> json.putArray("place").add(place.getX()).add(place.getY()));
        }
        DeviceJson.addLatest(json, profiles.get().find(device.profile()), series.latest(device.id()));
        return json;
    }
}
