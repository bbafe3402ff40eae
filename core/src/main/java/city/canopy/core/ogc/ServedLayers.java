package city.canopy.core.ogc;

import city.canopy.core.access.Principal;
import city.canopy.core.http.Call;
import city.canopy.core.http.ProblemException;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.LayerSchema;
import city.canopy.geo.layer.LayerSnapshot;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The layers as somebody may see them: public ones everybody, the others who is logged in. Any thread. */
public final class ServedLayers {
    /** Properties that hold a date in every layer that has them. */
    private static final Set<String> DATES = Set.of("valid_from", "valid_to", "surveyed_on");

    private final PgLayers layers;
    private final WorkingPlane plane;
    private final ZoneId zone;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(LayerSnapshot snapshot, Extent extent) {}

    /**
     * @param plane on which the layers' indexes lie
     * @param zone in which days begin
     */
    public ServedLayers(PgLayers layers, WorkingPlane plane, ZoneId zone) {
        this.layers = Objects.requireNonNull(layers, "layers");
        this.plane = Objects.requireNonNull(plane, "plane");
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    PgLayers layers() {
        return layers;
    }

    WorkingPlane plane() {
        return plane;
    }

    ZoneId zone() {
        return zone;
    }

    List<LayerDefinition> seenBy(Call call) {
        return layers.listDefinitions().stream()
                .filter(layer -> maySee(call, layer))
                .toList();
    }

    /** The layer that the path names. @throws ProblemException 404 when there is none for this caller */
    LayerDefinition get(Call call) {
        String name = call.path("layer");
        return layers.findDefinition(name)
                .filter(layer -> maySee(call, layer))
                .orElseThrow(() -> ProblemException.notFound(
                        "There is no layer " + name + " for everybody; log in if there is one for you."));
    }

    private static boolean maySee(Call call, LayerDefinition layer) {
        return layer.isPublic()
                || call.caller().filter(Principal.OfUser.class::isInstance).isPresent();
    }

    LayerSnapshot snapshot(LayerDefinition layer) {
        return layers.snapshot(layer.name());
    }

    /** Counted once for each version of the layer. */
    Extent extent(LayerSnapshot snapshot) {
        return known.compute(
                        snapshot.layer(),
                        (name, before) -> before != null && before.snapshot() == snapshot
                                ? before
                                : new Known(snapshot, Extent.of(snapshot, zone)))
                .extent();
    }

    /** By name: those that the layer declares, then the others that its features have, and {@code id}. */
    Map<String, Queryable> queryables(LayerDefinition layer, LayerSnapshot snapshot, boolean vietnamese) {
        Map<String, LayerSchema.Kind> found = new LinkedHashMap<>();
        snapshot.schema().attributes().forEach(attribute -> found.put(attribute.name(), attribute.kind()));
        Map<String, Queryable> all = new LinkedHashMap<>();
        for (LayerDefinition.Attribute attribute : layer.attributes()) {
            LayerSchema.Kind kind = kind(declared(attribute.type()), found.get(attribute.name()));
            all.put(
                    attribute.name(),
                    new Queryable(
                            attribute.name(),
                            kind,
                            role(attribute.name(), kind, attribute.type()),
                            title(attribute.title(), attribute.name(), vietnamese)));
        }
        found.forEach((name, kind) -> all.putIfAbsent(name, new Queryable(name, kind, role(name, kind, ""), name)));
        all.putIfAbsent("id", new Queryable("id", LayerSchema.Kind.TEXT, Queryable.Role.ID, "id"));
        return all;
    }

    /** Whether {@code id} is a property of its features, not the features' id. */
    boolean haveOwnId(LayerDefinition layer) {
        return queryables(layer, snapshot(layer), false).get("id").role() != Queryable.Role.ID;
    }

    private static Queryable.Role role(String name, LayerSchema.Kind kind, String type) {
        boolean date = kind == LayerSchema.Kind.TEXT && (type.equals("date") || DATES.contains(name));
        return date ? Queryable.Role.DATE : Queryable.Role.NONE;
    }

    /** What its values are; that all numbers are whole so far makes no whole number of what is declared as a number. */
    private static LayerSchema.Kind kind(LayerSchema.Kind declared, LayerSchema.Kind found) {
        return found == null || declared == LayerSchema.Kind.NUMBER && found == LayerSchema.Kind.WHOLE
                ? declared
                : found;
    }

    private static LayerSchema.Kind declared(String type) {
        return switch (type) {
            case "number" -> LayerSchema.Kind.NUMBER;
            case "boolean" -> LayerSchema.Kind.BOOLEAN;
            default -> LayerSchema.Kind.TEXT;
        };
    }

    static String title(Map<String, String> titles, String otherwise, boolean vietnamese) {
        String wanted = titles.get(vietnamese ? "vi" : "en");
        return wanted != null ? wanted : titles.values().stream().findFirst().orElse(otherwise);
    }
}
