package city.canopy.core.ogc;

import city.canopy.core.access.Role;
import city.canopy.core.http.Answer;
import city.canopy.core.http.Api;
import city.canopy.core.http.Call;
import city.canopy.core.http.Json;
import city.canopy.core.http.Operation;
import city.canopy.core.http.ProblemException;
import city.canopy.core.http.Routes;
import city.canopy.core.http.Schema;
import city.canopy.core.layers.EditConflictException;
import city.canopy.core.layers.EditConflictException.Kind;
import city.canopy.core.layers.FeatureEdit;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * OGC API – Features, Part 4: features are made, replaced, changed and removed by who works on tickets. With
 * {@code If-Match} only the version that it names is touched; without it the edit is made to whatever stands. A tree that
 * may be there already is told of, see {@link DuplicateNote}.
 */
public final class ItemEditRoutes implements Routes {
    static final String MERGE_PATCH = "application/merge-patch+json";

    /** The largest feature that is taken, in bytes. */
    static final int MAX_BYTES = 16 << 20;

    /** How often a change without If-Match is tried again, when somebody else was quicker. */
    private static final int TRIES = 5;

    private static final String ITEMS = "/ogc/collections/{layer}/items";

    private final ServedLayers layers;

    public ItemEditRoutes(ServedLayers layers) {
        this.layers = Objects.requireNonNull(layers, "layers");
    }

    @Override
    public void mount(Api api) {
        whole(api.post(ITEMS))
                .named("createItem", "Adds a feature; its id is kept where it is free, else it gets a new one")
                .answers(201, "the feature as it stands", CollectionJson.GEO_JSON, Schema.any())
                .blocking(call -> Handling.heeded(call, () -> create(call)));
        whole(api.put(ITEMS + "/{id}"))
                .named("replaceItem", "Replaces a feature")
                .answers(204, "done; ETag names its new version", null)
                .blocking(call -> Handling.heeded(call, () -> replace(call)));
        api.patch(ITEMS + "/{id}")
                .named("updateItem", "Changes parts of a feature, by RFC 7396")
                .needs(Role.DISPATCHER)
                .body(MERGE_PATCH, MAX_BYTES, Schema.any())
                .answers(204, "done; ETag names its new version", null)
                .blocking(call -> Handling.heeded(call, () -> update(call)));
        api.delete(ITEMS + "/{id}")
                .named("deleteItem", "Removes a feature; its history stays")
                .needs(Role.DISPATCHER)
                .answers(204, "done", null)
                .blocking(this::delete);
    }

    private static Operation whole(Operation operation) {
        return operation
                .needs(Role.DISPATCHER)
                .body(CollectionJson.GEO_JSON, MAX_BYTES, Schema.any())
                .body("application/json", MAX_BYTES, Schema.any());
    }

    private Answer create(Call call) {
        LayerDefinition layer = layers.get(call);
        FeatureBody body = body(call, layer);
        String wanted = body.id().orElseGet(ItemEditRoutes::newId);
        GeoFeature feature = body.whole(layer.name(), wanted);
        String id = wanted;
        try {
            apply(call, layer, new FeatureEdit.Create(feature));
        } catch (EditConflictException e) {
            id = newId();
            apply(call, layer, new FeatureEdit.Create(body.whole(layer.name(), id)));
        }
        GeoFeature made = stands(layer, id);
        String location =
                call.origin().url() + "/ogc/collections/" + layer.name() + "/items/" + Links.encoded(made.id());
        Links links = Links.none(call).add("self", CollectionJson.GEO_JSON, "This feature", location);
        Answer answer = Answer.bytes(
                        201, CollectionJson.GEO_JSON, Json.bytes(ItemRoutes.json(made, ServedCrs.crs84(), links)))
                .with("location", location)
                .with("content-crs", "<" + ServedCrs.CRS84 + ">")
                .with("etag", new ETag(made.version()).toString());
        return DuplicateNote.on(answer, made, layers.snapshot(layer), layers.plane());
    }

    private FeatureBody body(Call call, LayerDefinition layer) {
        FeatureBody body = FeatureBody.of(call, layers.haveOwnId(layer));
        Handling.of(call).ifPresent(handling -> {
            LayerSnapshot snapshot = layers.snapshot(layer);
            handling.check(
                    body, layers.queryables(layer, snapshot, false), CollectionJson.geometryFormat(layer, snapshot));
        });
        return body;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private GeoFeature stands(LayerDefinition layer, String id) {
        return layers.snapshot(layer)
                .find(id)
                .orElseThrow(
                        () -> ProblemException.conflict("gone", "The feature was removed at once by somebody else."));
    }

    private Answer replace(Call call) {
        LayerDefinition layer = layers.get(call);
        GeoFeature before = standing(call, layer);
        FeatureBody body = body(call, layer);
        body.expectId(before.id());
        Optional<Long> expected = call.header("if-match").map(tag -> before.version());
        edit(call, layer, new FeatureEdit.Replace(body.whole(layer.name(), before.id()), expected));
        return done(layer, before.id());
    }

    private Answer update(Call call) {
        LayerDefinition layer = layers.get(call);
        FeatureBody body = body(call, layer);
        for (int attempt = 1; ; attempt++) {
            GeoFeature before = standing(call, layer);
            body.expectId(before.id());
            FeatureEdit edit = new FeatureEdit.Replace(body.mergedInto(before), Optional.of(before.version()));
            try {
                apply(call, layer, edit);
                return done(layer, before.id());
            } catch (EditConflictException e) {
                if (attempt == TRIES
                        || e.kind() == Kind.GONE
                        || call.header("if-match").isPresent()) {
                    throw conflict(e);
                }
            }
        }
    }

    private Answer delete(Call call) {
        LayerDefinition layer = layers.get(call);
        GeoFeature before = standing(call, layer);
        Optional<Long> expected = call.header("if-match").map(tag -> before.version());
        edit(call, layer, new FeatureEdit.Remove(before.id(), expected));
        return Answer.none();
    }

    /** What is to be edited. @throws ProblemException 404 when it is not there, 412 when {@code If-Match} names another */
    private GeoFeature standing(Call call, LayerDefinition layer) {
        GeoFeature before =
                layers.snapshot(layer).find(call.path("id")).orElseThrow(() -> ItemRoutes.gone(call, layer));
        Optional<String> condition = call.header("if-match");
        if (condition.isPresent() && !new ETag(before.version()).isNamedBy(condition)) {
            throw new ProblemException(
                    412,
                    "changed_meanwhile",
                    "Feature " + before.id() + " stands at version " + before.version()
                            + ", not at the one that If-Match names: get it again.");
        }
        return before;
    }

    private Answer done(LayerDefinition layer, String id) {
        GeoFeature after = stands(layer, id);
        Answer answer = Answer.none().with("etag", new ETag(after.version()).toString());
        return DuplicateNote.on(answer, after, layers.snapshot(layer), layers.plane());
    }

    private void edit(Call call, LayerDefinition layer, FeatureEdit edit) {
        try {
            apply(call, layer, edit);
        } catch (EditConflictException e) {
            throw conflict(e);
        }
    }

    private void apply(Call call, LayerDefinition layer, FeatureEdit edit) {
        try {
            layers.layers().apply(layer.name(), List.of(edit), call.actor());
        } catch (IllegalArgumentException e) {
            throw ProblemException.unacceptable("feature_refused", "The feature is not taken: " + e.getMessage() + ".");
        }
    }

    private static ProblemException conflict(EditConflictException e) {
        return e.kind() == Kind.GONE
                ? ProblemException.notFound("There is no such feature any more: " + e.getMessage() + ".")
                : new ProblemException(412, "changed_meanwhile", "Get it again: " + e.getMessage() + ".");
    }
}
