package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.FeatureVersion;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.Provenance;
import city.canopy.core.packs.Packs;
import city.canopy.core.registry.DeviceFilter;
import city.canopy.core.registry.DeviceRow;
import city.canopy.core.registry.Registry;
import city.canopy.core.series.SeriesQuery;
import city.canopy.core.series.StoredReading;
import city.canopy.core.series.Subject;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.WardFinder;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerSnapshot;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Point;

/** The features of a layer, many at once as GeoJSON or one whole with all that belongs to it. */
public final class FeatureRoutes implements Routes {
    /** How many tickets one feature shows. */
    static final int MAX_TICKETS = 50;

    private static final String GEO_JSON = "application/geo+json";
    private static final int MAX_DEVICES = 100;

    private final PgLayers layers;
    private final WardFinder wards;
    private final SeriesQuery series;
    private final Registry registry;
    private final Supplier<Packs> packs;
    private final PgTicketStore tickets;
    private final ActorNames actors;

    public FeatureRoutes(
            PgLayers layers,
            WardFinder wards,
            SeriesQuery series,
            Registry registry,
            Supplier<Packs> packs,
            PgTicketStore tickets,
            ActorNames actors) {
        this.layers = layers;
        this.wards = wards;
        this.series = series;
        this.registry = registry;
        this.packs = packs;
        this.tickets = tickets;
        this.actors = actors;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/layers/{layer}")
                .named("getLayer", "A map layer with what is known of its features' attributes")
                .needs(Role.VIEWER)
                .answers(200, "the layer", Schema.any())
                .blocking(this::layer);
        api.get("/api/v1/layers/{layer}/features")
                .named("listFeatures", "A layer's features as GeoJSON, in WGS 84; with an ETag, gzip on demand")
                .needs(Role.VIEWER)
                .query("bbox", Schema.text(), "west,south,east,north in degrees")
                .query("properties", Schema.text(), "only these, separated by commas; given and empty: none")
                .answers(200, "a feature collection", GEO_JSON, Schema.any())
                .answers(304, "nothing has changed", null)
                .blocking(this::list);
        api.get("/api/v1/layers/{layer}/features/{id}")
                .named("getFeature", "One feature with its devices, its latest values and its tickets")
                .needs(Role.VIEWER)
                .answers(200, "the feature", Schema.any())
                .blocking(this::get);
        api.get("/api/v1/layers/{layer}/features/{id}/history")
                .named("getFeatureHistory", "Every edit of a feature, newest first, with the state that began with it")
                .needs(Role.VIEWER)
                .answers(200, "the edits, " + PgLayers.MAX_HISTORY + " at most", Schema.any())
                .blocking(this::history);
    }

    private LayerSnapshot snapshot(String layer) {
        if (!layers.names().contains(layer)) {
            throw ProblemException.notFound("There is no layer " + layer + ".");
        }
        return layers.snapshot(layer);
    }

    private Answer layer(Call call) {
        String name = call.path("layer");
        LayerSnapshot snapshot = snapshot(name);
        LayerDefinition layer = layers.findDefinition(name).orElseThrow();
        ObjectNode json = Json.object()
                .put("name", name)
                .put("kind", layer.kind().word())
                .put("public", layer.isPublic())
                .put("version", snapshot.version())
                .put("features", snapshot.size());
        json.set("title", TraceJson.texts(layer.title()));
        json.set("attributes", attributes(name));
        return Answer.json(json);
    }

    private Answer list(Call call) throws IOException {
        LayerSnapshot snapshot = snapshot(call.path("layer"));
        Optional<Envelope> box = call.query("bbox").map(TicketRoutes.Parameters::bbox);
        Optional<Set<String>> properties =
                Optional.ofNullable(call.queries().get("properties")).map(FeatureRoutes::names);
        String tag = "W/\"" + snapshot.layer() + "-" + snapshot.version() + "-"
                + Integer.toHexString((call.queries().get("bbox") + "|" + properties).hashCode()) + "\"";
        if (call.header("if-none-match").filter(given -> matches(given, tag)).isPresent()) {
            return Answer.bytes(304, GEO_JSON, new byte[0]).with("etag", tag);
        }
        List<GeoFeature> features = snapshot.features().stream()
                .filter(feature ->
                        box.isEmpty() || box.get().intersects(feature.geometry().getEnvelopeInternal()))
                .map(feature -> properties.map(names -> only(feature, names)).orElse(feature))
                .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GeoJsonWriter.write(features, out);
        return Gzip.answer(call, GEO_JSON, out.toByteArray())
                .with("etag", tag)
                .with("cache-control", "private, no-cache");
    }

    private static boolean matches(String given, String tag) {
        String bare = tag.substring(2);
        return Arrays.stream(given.split(","))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals(bare));
    }

    static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        for (String name : text.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private static GeoFeature only(GeoFeature feature, Set<String> names) {
        Map<String, Object> kept = new LinkedHashMap<>(feature.properties());
        kept.keySet().retainAll(names);
        return new GeoFeature(feature.layer(), feature.id(), feature.geometry(), kept, feature.version());
    }

    private Answer get(Call call) {
        String layer = call.path("layer");
        String id = call.path("id");
        GeoFeature feature = snapshot(layer)
                .find(id)
                .orElseThrow(() -> ProblemException.notFound("There is no feature " + id + " in " + layer + "."));
        ObjectNode geoJson =
                (ObjectNode) Json.read(GeoJsonWriter.toJson(feature).getBytes(StandardCharsets.UTF_8));
        ObjectNode json = Json.object().put("layer", layer).put("id", id);
        json.set("geometry", geoJson.get("geometry"));
        json.set("properties", geoJson.get("properties"));
        Provenance provenance = Provenance.of(feature.properties());
        json.put("accuracy_m", provenance.accuracyMeters().orElse(null));
        json.put("source", provenance.source().orElse(null));
        json.put("surveyed_on", provenance.surveyedOn().map(LocalDate::toString).orElse(null));
        json.put("version", feature.version());
        Optional<FeatureVersion> newest = layers.history(layer, id).stream().findFirst();
        json.put(
                "updated_at",
                newest.flatMap(FeatureVersion::at).map(Instant::toString).orElse(null));
        json.put("updated_by", newest.flatMap(FeatureVersion::by).orElse(null));
        Point inside = feature.geometry().getInteriorPoint();
        json.put("ward", wards.find(inside.getX(), inside.getY()).orElse(null));
        json.set("attributes", attributes(layer));
        json.set("devices", devices(layer, id));
        ArrayNode state = json.putArray("state");
        series.latest(new Subject(layer, id)).forEach(reading -> state.add(ReadingRoutes.json(reading)));
        ArrayNode list = json.putArray("tickets");
        tickets.about(new Subject(layer, id), MAX_TICKETS).forEach(entry -> list.add(TicketRoutes.json(entry)));
        return Answer.json(json);
    }

    private Answer history(Call call) {
        String layer = call.path("layer");
        snapshot(layer);
        List<FeatureVersion> steps = layers.history(layer, call.path("id"));
        if (steps.isEmpty()) {
            throw ProblemException.notFound("There never was a feature " + call.path("id") + " in " + layer + ".");
        }
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (FeatureVersion step : steps) {
            ObjectNode item = items.addObject()
                    .put("version", step.version())
                    .put("removed", step.state().isEmpty())
                    .put("at", step.at().map(Instant::toString).orElse(null))
                    .put("actor", step.by().orElse(null));
            step.state().ifPresent(state -> {
                ObjectNode geoJson =
                        (ObjectNode) Json.read(GeoJsonWriter.toJson(state).getBytes(StandardCharsets.UTF_8));
                item.set("geometry", geoJson.get("geometry"));
                item.set("properties", geoJson.get("properties"));
            });
        }
        actors.addTo(items);
        return Answer.json(json);
    }

    private ArrayNode attributes(String layer) {
        ArrayNode list = Json.array();
        layers.findDefinition(layer)
                .map(LayerDefinition::attributes)
                .orElse(List.of())
                .forEach(attribute -> {
                    ObjectNode item =
                            list.addObject().put("name", attribute.name()).put("type", attribute.type());
                    item.set("title", TraceJson.texts(attribute.title()));
                    ObjectNode values = Json.object();
                    packs.get()
                            .valueTexts(attribute.name())
                            .forEach((value, title) -> values.set(value, TraceJson.texts(title)));
                    if (!values.isEmpty()) {
                        item.set("values", values);
                    }
                });
        return list;
    }

    private ArrayNode devices(String layer, String id) {
        ArrayNode list = Json.array();
        DeviceFilter bound = new DeviceFilter(Optional.empty(), Optional.of(layer), Optional.of(id), Optional.empty());
        List<DeviceRow> rows = new ArrayList<>(registry.list(bound, "", MAX_DEVICES));
        Set<DeviceId> known =
                rows.stream().map(row -> row.device().id()).collect(Collectors.toCollection(HashSet::new));
        // Those that stand near it, and were found to speak of it.
        for (StoredReading reading : series.latest(new Subject(layer, id))) {
            DeviceId device = reading.stream().device();
            if (rows.size() < MAX_DEVICES && known.add(device)) {
                registry.find(device).ifPresent(rows::add);
            }
        }
        for (DeviceRow row : rows) {
            Optional<DeviceProfile> profile =
                    packs.get().profiles().find(row.device().profile());
            ObjectNode device = list.addObject()
                    .put("id", row.device().id().value())
                    .put("profile", row.device().profile())
                    .put("online", row.online().orElse(null));
            profile.ifPresent(found -> device.set("title", TraceJson.texts(found.title())));
            DeviceJson.addLatest(device, profile, series.latest(row.device().id()));
        }
        return list;
    }
}
