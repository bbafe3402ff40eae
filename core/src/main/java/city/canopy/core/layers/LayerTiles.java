package city.canopy.core.layers;

import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import city.canopy.geo.tile.TileAddress;
import city.canopy.geo.tile.TileLayer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Vector tiles of the layers as they stand, gzipped, and the last of them kept: at most {@value #MAX_KEPT_BYTES} bytes.
 * The first tile after a layer has changed waits until the layer is made ready. Any thread; no event loop.
 */
public final class LayerTiles {
    /** How many bytes of tiles are kept. */
    public static final long MAX_KEPT_BYTES = 64L << 20;

    private static final int OVERHEAD = 200;

    private final LayerSource layers;
    private final Map<String, Ready> ready = new ConcurrentHashMap<>();
    private final LinkedHashMap<Key, Tile> kept = new LinkedHashMap<>(256, 0.75f, true);
    private long keptBytes;

    private record Ready(LayerSnapshot snapshot, TileLayer tiles) {}

    private record Key(List<Long> versions, Wish wish, TileAddress address) {}

    /**
     * A tile.
     *
     * @param gzipped its bytes, gzipped; not to be written to. No bytes at all where nothing of the layer is in it
     * @param tag changes when its bytes do, and only then
     */
    public record Tile(byte[] gzipped, String tag) {}

    public LayerTiles(LayerSource layers) {
        this.layers = layers;
    }

    /**
     * What a tile is to hold.
     *
     * @param layers which layers, in this order
     * @param properties which properties besides the id; empty for all
     */
    public record Wish(List<String> layers, Optional<Set<String>> properties) {
        public Wish {
            layers = List.copyOf(layers);
            properties = properties.map(Set::copyOf);
        }
    }

    /** @throws IllegalArgumentException when there is no such layer */
    public Tile find(Wish wish, TileAddress address) {
        List<LayerSnapshot> snapshots =
                wish.layers().stream().map(layers::snapshot).toList();
        Key key = new Key(snapshots.stream().map(LayerSnapshot::version).toList(), wish, address);
        synchronized (kept) {
            Tile known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        Tile made = pack(TileLayer.together(snapshots.stream()
                .map(snapshot -> tiles(snapshot)
                        .encode(
                                address,
                                name -> wish.properties().isEmpty()
                                        || wish.properties().get().contains(name)))
                .toList()));
        keep(key, made);
        return made;
    }

    /** A layer is made ready once, by the thread that comes first; the others wait for it. */
    private TileLayer tiles(LayerSnapshot snapshot) {
        return ready.compute(
                        snapshot.layer(),
                        (name, before) -> before != null && before.snapshot() == snapshot
                                ? before
                                : new Ready(snapshot, TileLayer.of(snapshot)))
                .tiles();
    }

    private static Tile pack(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        String tag = "\"" + Long.toHexString(sum.getValue()) + "-" + Integer.toHexString(bytes.length) + "\"";
        if (bytes.length == 0) {
            return new Tile(bytes, tag);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8_192) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tile(out.toByteArray(), tag);
    }

    private void keep(Key key, Tile tile) {
        synchronized (kept) {
            if (kept.put(key, tile) == null) {
                keptBytes += tile.gzipped().length + OVERHEAD;
            }
            var eldest = kept.entrySet().iterator();
            while (keptBytes > MAX_KEPT_BYTES && eldest.hasNext()) {
                keptBytes -= eldest.next().getValue().gzipped().length + OVERHEAD;
                eldest.remove();
            }
        }
    }
}
