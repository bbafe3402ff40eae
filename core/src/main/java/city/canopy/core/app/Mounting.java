package city.canopy.core.app;

import city.canopy.core.announce.webhook.Webhooks;
import city.canopy.core.app.Service.Access;
import city.canopy.core.app.Service.Announcing;
import city.canopy.core.db.Database;
import city.canopy.core.health.Health;
import city.canopy.core.http.ActorNames;
import city.canopy.core.http.Audit;
import city.canopy.core.http.BasemapRoutes;
import city.canopy.core.http.Blocking;
import city.canopy.core.http.CatalogueRoutes;
import city.canopy.core.http.CommandRoutes;
import city.canopy.core.http.DeviceImportRoutes;
import city.canopy.core.http.DeviceRoutes;
import city.canopy.core.http.EnrolRoutes;
import city.canopy.core.http.EventRoutes;
import city.canopy.core.http.FeatureRoutes;
import city.canopy.core.http.GatewayRoutes;
import city.canopy.core.http.HealthRoutes;
import city.canopy.core.http.HttpDoor;
import city.canopy.core.http.KpiRoutes;
import city.canopy.core.http.LayerExportRoutes;
import city.canopy.core.http.LayerImportRoutes;
import city.canopy.core.http.MapRoutes;
import city.canopy.core.http.PeopleRoutes;
import city.canopy.core.http.PhotoRoutes;
import city.canopy.core.http.PlaceRoutes;
import city.canopy.core.http.QuarantineRoutes;
import city.canopy.core.http.ReadingRoutes;
import city.canopy.core.http.Routes;
import city.canopy.core.http.RuleRoutes;
import city.canopy.core.http.SearchRoutes;
import city.canopy.core.http.SeriesRoutes;
import city.canopy.core.http.SessionRoutes;
import city.canopy.core.http.SignRoutes;
import city.canopy.core.http.StyleRoutes;
import city.canopy.core.http.TicketRoutes;
import city.canopy.core.http.TileRoutes;
import city.canopy.core.http.TraceJson;
import city.canopy.core.http.WebhookRoutes;
import city.canopy.core.ingest.Intake;
import city.canopy.core.ingest.Quarantine;
import city.canopy.core.ingest.Replay;
import city.canopy.core.ingest.Stats;
import city.canopy.core.kpi.PgKpis;
import city.canopy.core.layers.LayerTiles;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.Wards;
import city.canopy.core.layers.file.LayerFiles;
import city.canopy.core.layers.file.LayerIntake;
import city.canopy.core.ogc.ItemEditRoutes;
import city.canopy.core.ogc.ItemRoutes;
import city.canopy.core.ogc.OgcRoutes;
import city.canopy.core.ogc.ServedLayers;
import city.canopy.core.ogc.TileSetRoutes;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.search.FeatureSearch;
import city.canopy.core.series.Datastreams;
import city.canopy.core.series.PgCharts;
import city.canopy.core.series.SeriesQuery;
import city.canopy.core.style.LayerStyles;
import city.canopy.core.tickets.PgTicketStore;
import city.canopy.core.tickets.TicketDesk;
import city.canopy.core.tickets.WardFinder;
import city.canopy.devices.profile.Profiles;
import city.canopy.geo.attach.Attacher;
import city.canopy.geo.crs.WorkingPlane;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All routes with what each needs. */
record Mounting(
        Access access,
        Announcing announcing,
        GatewaySide gateways,
        Knowledge knowledge,
        Work work,
        Intake intake,
        Stats stats,
        Clock clock) {

    /** What can be looked at; packs and rules as they stand at the moment of asking. */
    record Knowledge(
            Supplier<Packs> packs,
            Supplier<RuleBook> rules,
            PgLayers layers,
            Places places,
            SeriesQuery series,
            Datastreams streams,
            Database database,
            Optional<Path> basemap) {
        Supplier<Profiles> profiles() {
            return () -> packs.get().profiles();
        }
    }

    /** The threads for what takes much memory or long: photos are developed, and files read and written, one at a time. */
    record Pools(Blocking photos, Blocking files) implements AutoCloseable {
        static Pools of(Vertx vertx) {
            return new Pools(new Blocking(vertx, "photos", 1, 8), new Blocking(vertx, "files", 1, 8));
        }

        @Override
        public void close() {
            photos.close();
            files.close();
        }
    }

    /** What is where. */
    record Places(Attacher attacher, Wards wards, WardFinder wardNow) {}

    /** What can be worked on. */
    record Work(
            TicketDesk desk,
            PgTicketStore tickets,
            Quarantine quarantine,
            Replay replay,
            Pools pools,
            ZoneId zone,
            WorkingPlane area) {}

    List<Routes> routes(Health health, PrometheusMeterRegistry meters, Vertx vertx, Blocking blocking) {
        Database database = knowledge.database();
        Audit audit = new Audit(database);
        BasemapRoutes basemap = new BasemapRoutes(knowledge.basemap());
        LayerTiles tiles = new LayerTiles(knowledge.layers(), clock, work.zone(), LayerTiles.MAX_KEPT_BYTES);
        knowledge.layers().listen(tiles::changed);
        ServedLayers served = new ServedLayers(knowledge.layers(), work.area(), work.zone());
        TraceJson traces = new TraceJson(work.tickets(), knowledge.series(), knowledge.rules(), knowledge.packs());
        return List.of(
                // First, as a request goes along the list, and these are asked for most.
                new TileRoutes(knowledge.layers(), tiles),
                new HealthRoutes(health, meters),
                new SessionRoutes(access.people(), audit),
                new PeopleRoutes(access.people(), audit),
                new DeviceImportRoutes(access.registry(), audit),
                new GatewayRoutes(gateways.gateways(), gateways.configurations()::tooLarge, audit, clock),
                new EnrolRoutes(gateways.gateways(), gateways.reached(), audit),
                new CommandRoutes(gateways.commands(), access.registry(), new ActorNames(access.people()), audit),
                new DeviceRoutes(
                        access.registry(), knowledge.profiles(), knowledge.layers(), knowledge.series(), audit),
                new HttpDoor(vertx, intake, clock),
                new TicketRoutes(
                        database,
                        work.desk(),
                        work.tickets(),
                        traces,
                        new ActorNames(access.people()),
                        announcing.announcer(),
                        clock),
                new PhotoRoutes(
                        database,
                        work.desk(),
                        work.tickets(),
                        announcing.announcer(),
                        work.pools().photos(),
                        clock,
                        work.zone()),
                new QuarantineRoutes(work.quarantine(), work.replay()),
                new ReadingRoutes(knowledge.series(), traces, database, stats, clock),
                new FeatureRoutes(
                        knowledge.layers(),
                        knowledge.places().wardNow(),
                        knowledge.series(),
                        access.registry(),
                        knowledge.packs(),
                        work.tickets(),
                        new ActorNames(access.people())),
                new PlaceRoutes(
                        knowledge.layers(),
                        knowledge.places().attacher(),
                        knowledge.places().wards(),
                        clock),
                new SeriesRoutes(new PgCharts(knowledge.series(), database), knowledge.streams(), clock),
                new OgcRoutes(served),
                new TileSetRoutes(served),
                new ItemRoutes(served, clock),
                new ItemEditRoutes(served),
                new SignRoutes(knowledge.layers()),
                basemap,
                new StyleRoutes(
                        knowledge.layers(),
                        new LayerStyles(),
                        basemap,
                        () -> knowledge.places().wards().box(clock.instant())),
                new SearchRoutes(new FeatureSearch(
                        knowledge.layers(),
                        knowledge.places().wardNow(),
                        name -> knowledge.packs().get().valueTexts(name))),
                new MapRoutes(knowledge.layers(), knowledge.series(), knowledge.streams()),
                new RuleRoutes(knowledge.packs(), knowledge.rules(), work.tickets(), database),
                new CatalogueRoutes(knowledge.packs()),
                new KpiRoutes(knowledge.packs(), new PgKpis(database), clock, work.zone()),
                new LayerImportRoutes(
                        new LayerIntake(knowledge.layers(), work.area(), work.zone()),
                        knowledge.layers(),
                        knowledge.packs(),
                        audit,
                        work.pools().files()),
                new LayerExportRoutes(
                        knowledge.layers(),
                        LayerFiles.outputs(clock),
                        work.pools().files()),
                new WebhookRoutes(new Webhooks(database, clock), announcing.rules(), audit),
                new EventRoutes(vertx, announcing.feed(), blocking));
    }
}
