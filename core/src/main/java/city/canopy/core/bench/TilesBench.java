package city.canopy.core.bench;

import city.canopy.core.app.CoreConfig;
import city.canopy.core.app.Service;
import city.canopy.core.demo.city.DemoCity;
import city.canopy.core.layers.FeatureEdit;
import city.canopy.core.layers.LayerTiles;
import city.canopy.core.layers.file.LayerIntake;
import city.canopy.devices.config.ConfigReader;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonWriter;
import city.canopy.geo.layer.LayerSchema;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.tile.TileAddress;
import city.canopy.geo.tile.TileLayer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Point;

/** {@code bench tiles}: everything runs in this process, the embedded database beside it. */
final class TilesBench {
    private static final LayerTiles.Wish TREES = new LayerTiles.Wish(List.of("trees"), Optional.empty(), true);
    private static final List<Integer> COMPARED = List.of(10, 12, 14, 16, 18);
    private static final int PAGES = 400;
    /** Of one zoom. */
    private static final int MOST_TILES = 4_000;

    private final int trees;
    private final int seconds;
    private final int connections;
    private final Optional<PgTiles.Address> postgis;
    private final Consumer<String> progress;

    /** @param progress told what is being measured, a line each */
    TilesBench(int trees, int seconds, int connections, Optional<PgTiles.Address> postgis, Consumer<String> progress) {
        this.trees = trees;
        this.seconds = seconds;
        this.connections = connections;
        this.postgis = postgis;
        this.progress = progress;
    }

    /** Runs it all; the keys of the answer say what each figure is. */
    Map<String, Object> run() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", BenchFolder.machine());
        report.put("trees", trees);
        try (BenchFolder folder = BenchFolder.make()) {
            progress.accept("a city of " + trees + " trees, as a file");
            Path file = folder.path().resolve("trees.geojson");
            write(file);
            try (Service service = Service.start(config(folder.path().resolve("data")), Service.Mode.BENCH)) {
                bring(service, file, report);
                edit(service, report);
                tiles(service, report);
                pages(service, report);
                report.put("heap_with_all_of_it_mb", heapMb());
                overHttp(service, report);
            }
        }
        return report;
    }

    private void write(Path file) throws IOException {
        WorkingPlane plane = WorkingPlane.centredOn(105.85, 21.47);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            GeoJsonWriter.write(new DemoCity(1, trees, plane).layers().get("trees"), out);
        }
    }

    private static CoreConfig config(Path data) {
        Map<String, String> keys =
                Map.of("CANOPY_DATA_DIR", data.toString(), "CANOPY_HTTP_PORT", "0", "CANOPY_MQTT_PORT", "0");
        return new ConfigReader("CANOPY", keys).read(CoreConfig.class, null);
    }

    private void bring(Service service, Path file, Map<String, Object> report) throws IOException {
        long before = heapMb();
        progress.accept("importing " + (Files.size(file) >> 20) + " MB of GeoJSON");
        long start = System.nanoTime();
        LayerIntake.Outcome outcome = new LayerIntake(
                        service.layers(),
                        plane(service),
                        service.config().site().timezone())
                .take(
                        file,
                        new LayerIntake.Request(
                                "trees",
                                Optional.empty(),
                                AttributeMapping.AS_IT_IS,
                                Set.of(),
                                Map.of(),
                                FormatOptions.NONE,
                                false,
                                false),
                        "bench");
        if (!outcome.taken()) {
            throw new IllegalStateException(outcome.read().refused().get(0).toString());
        }
        report.put("import_ms", millis(start));
        LayerSnapshot snapshot = service.layers().snapshot("trees");
        start = System.nanoTime();
        snapshot.index(plane(service));
        report.put("index_built_ms", millis(start));
        start = System.nanoTime();
        TileLayer.of(snapshot);
        report.put("made_ready_for_tiles_ms", millis(start));
        report.put("heap_before_mb", before);
    }

    private static WorkingPlane plane(Service service) {
        return WorkingPlane.centredOn(
                service.config().site().lon(), service.config().site().lat());
    }

    /** From the edit to the new tile: what an open map waits for, besides the network. */
    private void edit(Service service, Map<String, Object> report) {
        progress.accept("editing one tree");
        LayerTiles tiles = tiles(service, LayerTiles.MAX_KEPT_BYTES);
        GeoFeature tree = service.layers().snapshot("trees").features().get(trees / 2);
        Point place = (Point) tree.geometry();
        TileAddress address = TileAddress.at(place.getX(), place.getY(), 16);
        tiles.find(TREES, address);
        Latencies committed = new Latencies();
        Latencies drawn = new Latencies();
        for (int i = 0; i < 10; i++) {
            Map<String, Object> properties = new LinkedHashMap<>(tree.properties());
            properties.put("height_m", 1.5 + i);
            GeoFeature state = new GeoFeature("trees", tree.id(), place, properties, 0);
            long start = System.nanoTime();
            tiles.changed(service.layers()
                    .apply("trees", List.of(new FeatureEdit.Replace(state, Optional.empty())), "bench"));
            committed.add(System.nanoTime() - start);
            tiles.find(TREES, address);
            drawn.add(System.nanoTime() - start);
            service.layers().snapshot("trees").index(plane(service));
        }
        report.put("edit_committed_ms", quantiles(committed));
        report.put("edit_to_new_tile_ms", quantiles(drawn));
    }

    private static LayerTiles tiles(Service service, long keptBytes) {
        return new LayerTiles(
                service.layers(), Clock.systemUTC(), service.config().site().timezone(), keptBytes);
    }

    private void tiles(Service service, Map<String, Object> report) {
        progress.accept("every tile of the city, none of them kept");
        LayerSnapshot snapshot = service.layers().snapshot("trees");
        LayerTiles tiles = tiles(service, 0);
        // The first one makes the layer ready, and the compiler warms up.
        addresses(snapshot, 13).forEach(address -> tiles.find(TREES, address));
        Map<String, Object> zooms = new LinkedHashMap<>();
        Latencies all = new Latencies();
        long largest = 0;
        for (int zoom = 10; zoom <= 18; zoom++) {
            Latencies one = new Latencies();
            for (TileAddress address : addresses(snapshot, zoom)) {
                long start = System.nanoTime();
                LayerTiles.Tile tile = tiles.find(TREES, address);
                long took = System.nanoTime() - start;
                one.add(took);
                all.add(took);
                largest = Math.max(largest, tile.bytes().length);
            }
            zooms.put("z" + zoom, Map.of("tiles", one.total(), "ms", quantiles(one)));
        }
        report.put("tiles_uncached_ms", quantiles(all));
        report.put("tiles_by_zoom", zooms);
        report.put("largest_tile_packed_bytes", largest);
    }

    private static List<TileAddress> addresses(LayerSnapshot snapshot, int zoom) {
        List<TileAddress> all = new ArrayList<>(snapshot.features().stream()
                .map(tree -> (Point) tree.geometry())
                .map(place -> TileAddress.at(place.getX(), place.getY(), zoom))
                .distinct()
                .toList());
        Collections.shuffle(all, new Random(zoom));
        return all.subList(0, Math.min(MOST_TILES, all.size()));
    }

    private void pages(Service service, Map<String, Object> report) throws InterruptedException {
        progress.accept("pages of 1,000 features in a box");
        Random random = new Random(3);
        List<GeoFeature> all = service.layers().snapshot("trees").features();
        List<String> paths = IntStream.range(0, PAGES)
                .mapToObj(i -> (Point) all.get(random.nextInt(all.size())).geometry())
                .map(place -> "/ogc/collections/trees/items?limit=1000&bbox=%.5f,%.5f,%.5f,%.5f"
                        .formatted(place.getX() - 0.02, place.getY() - 0.02, place.getX() + 0.02, place.getY() + 0.02))
                .toList();
        HttpLoad load = new HttpLoad(service.httpPort(), 1);
        load.run(paths, seconds / 2.0);
        HttpLoad.Result result = load.run(paths, seconds);
        report.put("page_of_1000_in_a_box_ms", quantiles(result.millis()));
        report.put("page_bytes", result.bytes() / Math.max(1, result.millis().total()));
    }

    private void overHttp(Service service, Map<String, Object> report) throws InterruptedException {
        LayerSnapshot snapshot = service.layers().snapshot("trees");
        TileLayer layer = TileLayer.of(snapshot);
        report.put(
                "ours_over_http",
                rates("ours, every feature", service, snapshot, false, t -> layer.encodeWhole(t, n -> true)));
        report.put("ours_thinned_over_http", rates("ours, thinned", service, snapshot, false, layer::encode));
        report.put("service_new_over_http", ownDoor(service, snapshot, false));
        report.put("service_kept_over_http", ownDoor(service, snapshot, true));
        if (postgis.isEmpty()) {
            report.put("postgis", "not compared: name a database with --postgis");
            return;
        }
        progress.accept("the same trees in PostGIS");
        try (PgTiles other = new PgTiles(postgis.get(), snapshot.features(), connections)) {
            report.put("same_features_in_both", sameFeatures(snapshot, layer, other));
            report.put("postgis_over_http", rates("ST_AsMVT", service, snapshot, true, other::encode));
        }
        ratios(report, "ours_over_http", "ours_to_postgis");
        ratios(report, "ours_thinned_over_http", "ours_thinned_to_postgis");
        ratios(report, "service_new_over_http", "service_new_to_postgis");
        ratios(report, "service_kept_over_http", "service_kept_to_postgis");
    }

    private Map<String, Long> rates(
            String who, Service service, LayerSnapshot snapshot, boolean waits, Function<TileAddress, byte[]> maker)
            throws InterruptedException {
        Map<String, Long> rates = new LinkedHashMap<>();
        try (TileFront front = new TileFront(service.vertx(), connections, waits, maker)) {
            HttpLoad load = new HttpLoad(front.port(), connections);
            for (int zoom : COMPARED) {
                progress.accept("tiles of zoom " + zoom + " over HTTP: " + who);
                List<String> paths = addresses(snapshot, zoom).stream()
                        .map(address -> "/" + address)
                        .toList();
                load.run(paths, seconds / 2.0);
                rates.put("z" + zoom, Math.round(load.run(paths, seconds).perSecond()));
            }
        }
        return rates;
    }

    /**
     * The service's own door, with its log, rights and thinning.
     *
     * @param kept whether tiles may come from what the service keeps, in gzip, as a browser asks; else each is asked for
     *     with a property of its own, so that it is made, and not packed, as nobody else here packs
     */
    private Map<String, Long> ownDoor(Service service, LayerSnapshot snapshot, boolean kept)
            throws InterruptedException {
        Map<String, Long> rates = new LinkedHashMap<>();
        HttpLoad load = new HttpLoad(service.httpPort(), connections, kept ? "Accept-Encoding: gzip\r\n" : "");
        String all = snapshot.schema().attributes().stream()
                .map(LayerSchema.Attribute::name)
                .collect(Collectors.joining(","));
        for (int zoom : COMPARED) {
            progress.accept("tiles of zoom " + zoom + " of the service itself, " + (kept ? "kept" : "made anew"));
            List<TileAddress> tiles = addresses(snapshot, zoom);
            AtomicInteger asked = new AtomicInteger();
            IntFunction<String> paths = i -> "/ogc/collections/trees/tiles/WebMercatorQuad/"
                    + tiles.get(i % tiles.size()) + "?properties=" + all
                    + (kept ? "" : ",n" + asked.incrementAndGet());
            load.run(paths, seconds / 2.0);
            rates.put("z" + zoom, Math.round(load.run(paths, seconds).perSecond()));
        }
        return rates;
    }

    /**
     * How many tiles were compared; both makers have the same trees in each, but for a few on the edge: the index of
     * PostGIS rounds to about a metre there.
     */
    private static int sameFeatures(LayerSnapshot snapshot, TileLayer layer, PgTiles other) {
        int compared = 0;
        for (int zoom : COMPARED) {
            List<TileAddress> some = addresses(snapshot, zoom);
            for (TileAddress address : some.subList(0, Math.min(20, some.size()))) {
                int ours = TileCount.features(layer.encodeWhole(address, name -> true));
                int theirs = TileCount.features(other.encode(address));
                if (Math.abs(ours - theirs) > Math.max(3, theirs / 50)) {
                    throw new IllegalStateException(
                            "tile " + address + " has " + ours + " features here and " + theirs + " by PostGIS");
                }
                compared++;
            }
        }
        return compared;
    }

    @SuppressWarnings("unchecked")
    private static void ratios(Map<String, Object> report, String ours, String name) {
        Map<String, Long> mine = (Map<String, Long>) report.get(ours);
        Map<String, Long> theirs = (Map<String, Long>) report.get("postgis_over_http");
        Map<String, Double> ratios = new LinkedHashMap<>();
        mine.forEach((zoom, rate) -> ratios.put(zoom, Math.round(10.0 * rate / theirs.get(zoom)) / 10.0));
        report.put(name, ratios);
    }

    private static Map<String, Double> quantiles(Latencies latencies) {
        Map<String, Double> quantiles = new LinkedHashMap<>();
        quantiles.put("p50", Math.round(latencies.millis(0.5) * 100) / 100.0);
        quantiles.put("p99", Math.round(latencies.millis(0.99) * 100) / 100.0);
        return quantiles;
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static long heapMb() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
}
