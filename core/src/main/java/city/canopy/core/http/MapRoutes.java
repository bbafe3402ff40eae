package city.canopy.core.http;

import city.canopy.core.access.Role;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.SeriesQuery;
import city.canopy.geo.layer.LayerSnapshot;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** What the map page draws: layers, and the latest value of everything. */
public final class MapRoutes implements Routes {
    private final PgLayers layers;
    private final SeriesQuery series;
    private final Datastreams streams;

    public MapRoutes(PgLayers layers, SeriesQuery series, Datastreams streams) {
        this.layers = layers;
        this.series = series;
        this.streams = streams;
    }

    @Override
    public void mount(Api api) {
        api.get("/api/v1/layers")
                .named("listLayers", "The map layers")
                .needs(Role.VIEWER)
                .answers(200, "layers", Schema.page(Schema.any()))
                .blocking(call -> list());
        api.get("/api/v1/state")
                .named("listState", "The latest value of every datastream")
                .needs(Role.VIEWER)
                .query("quantity", Schema.text(), "only this quantity")
                .paged()
                .answers(200, "a page", Schema.page(Schema.any()))
                .blocking(this::state);
    }

    private Answer list() {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (LayerDefinition layer : layers.listDefinitions()) {
            LayerSnapshot snapshot = layers.snapshot(layer.name());
            ObjectNode item = items.addObject()
                    .put("name", layer.name())
                    .put("pack", layer.pack())
                    .put("kind", layer.kind().word())
                    .put("public", layer.isPublic())
                    .put("version", snapshot.version())
                    .put("features", snapshot.size());
            item.set("title", TraceJson.texts(layer.title()));
        }
        return Answer.json(json);
    }

    /** In the order of the datastreams' ids. */
    private Answer state(Call call) {
        Paging paging = Paging.of(call);
        long after = paging.key().map(MapRoutes::number).orElse(0L);
        Optional<String> quantity = call.query("quantity");
        List<Long> ids = streams.list().stream()
                .filter(stream -> quantity.map(stream.quantity().name()::equals).orElse(true))
                .map(stream -> stream.id())
                .filter(id -> id > after)
                .sorted()
                .limit(paging.fetch())
                .toList();
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        List<Long> shown = ids.subList(0, Math.min(paging.limit(), ids.size()));
        for (long id : shown) {
            streams.find(id).flatMap(series::latest).ifPresent(reading -> items.add(ReadingRoutes.json(reading)));
        }
        if (ids.size() > paging.limit()) {
            json.put("next", paging.next(call, Long.toString(shown.get(shown.size() - 1))));
        }
        return Answer.json(json);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Paging.badCursor();
        }
    }
}
