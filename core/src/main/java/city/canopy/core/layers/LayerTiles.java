package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;
import city.canopy.geo.tile.TileAddress;
import city.canopy.geo.tile.TileLayer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * Vector tiles of the layers as they stand, without what is not valid yet or any more, and the last of those in gzip kept: at most {@value #MAX_KEPT_BYTES}
 * bytes unless said otherwise. The others are several times as large and hardly asked for: they are made anew each time. {@link #changed} has to be told of edits; it drops the tiles that an edit touches, and no other.
 * The first tile that is made after a layer has changed waits until the layer is made ready. Any thread; event loops only {@link #findSoon}.
 */
public final class LayerTiles {
    /** How many bytes of tiles are kept. */
    public static final long MAX_KEPT_BYTES = 64L << 20;

    private static final int OVERHEAD = 200;

    private final LayerSource layers;
    private final Clock clock;
    private final ZoneId zone;
    private final long maxKeptBytes;
    private final Map<String, Ready> ready = new ConcurrentHashMap<>();
    private final LinkedHashMap<Key, Tile> kept = new LinkedHashMap<>(256, 0.75f, true);
    private long keptBytes;
    /** When the first feature begins or ends to be valid: nothing that is held now holds then. */
    private volatile Instant turn = Instant.MAX;

    private record Ready(LayerSnapshot snapshot, TileLayer tiles) {}

    private record Key(Wish wish, TileAddress address) {}

    /**
     * A tile.
     *
     * @param bytes not to be written to; none at all where nothing of the layers is in it
     * @param gzipped whether the bytes are in gzip
     * @param tag changes when its bytes do, and only then
     */
    public record Tile(byte[] bytes, boolean gzipped, String tag) {}

    /**
     * @param zone in which days begin, for features that are valid from or to a date
     * @param maxKeptBytes how many bytes of tiles are kept, such as {@link #MAX_KEPT_BYTES}; 0 for none
     */
    public LayerTiles(LayerSource layers, Clock clock, ZoneId zone, long maxKeptBytes) {
        this.layers = layers;
        this.clock = clock;
        this.zone = zone;
        this.maxKeptBytes = maxKeptBytes;
    }

    /**
     * What a tile is to hold.
     *
     * @param layers which layers, in this order
     * @param properties which properties besides the id; empty for all
     * @param gzipped whether its bytes are to be in gzip, and kept; an empty tile is kept as it is
     */
    public record Wish(List<String> layers, Optional<Set<String>> properties, boolean gzipped) {
        public Wish {
            layers = List.copyOf(layers);
            properties = properties.map(Set::copyOf);
        }
    }

    /** The tile if it is kept, or made in well under a millisecond. Does not block: event loops may ask. */
    public Optional<Tile> findSoon(Wish wish, TileAddress address) {
        return findKept(wish, address)
                .or(() -> readyNow(wish.layers())
                        .filter(all -> all.stream().allMatch(one -> one.tiles().isQuick(address)))
                        .map(all -> make(wish, address, all)));
    }

    /** Empty unless each of the layers is made ready as it stands. */
    private Optional<List<Ready>> readyNow(List<String> names) {
        List<Ready> all = new ArrayList<>();
        for (String name : names) {
            Ready one = ready.get(name);
            if (one == null || one.snapshot() != layers.snapshot(name)) {
                return Optional.empty();
            }
            all.add(one);
        }
        return Optional.of(all);
    }

    private Optional<Tile> findKept(Wish wish, TileAddress address) {
        if (!clock.instant().isBefore(turn)) {
            dropAll();
        }
        synchronized (kept) {
            return Optional.ofNullable(kept.get(new Key(wish, address)));
        }
    }

    /** @throws IllegalArgumentException when there is no such layer */
    public Tile find(Wish wish, TileAddress address) {
        return findKept(wish, address)
                .orElseGet(() -> make(
                        wish,
                        address,
                        wish.layers().stream()
                                .map(layers::snapshot)
                                .map(this::ready)
                                .toList()));
    }

    private Tile make(Wish wish, TileAddress address, List<Ready> from) {
        byte[] bytes = TileLayer.together(from.stream()
                .map(one -> one.tiles()
                        .encode(
                                address,
                                name -> wish.properties().isEmpty()
                                        || wish.properties().get().contains(name)))
                .toList());
        Tile made = pack(bytes, wish.gzipped() && bytes.length > 0);
        if (wish.gzipped()) {
            keep(new Key(wish, address), made, from);
        }
        return made;
    }

    /** Drops the tiles that an edit has touched. To be called after each edit, when {@code layers} tells of it already. */
    public void changed(LayerChange change) {
        synchronized (kept) {
            Iterator<Map.Entry<Key, Tile>> each = kept.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<Key, Tile> entry = each.next();
                Key key = entry.getKey();
                if (key.wish().layers().contains(change.layer())
                        && change.boxes().stream().anyMatch(key.address()::shows)) {
                    keptBytes -= size(entry.getValue());
                    each.remove();
                }
            }
        }
    }

    private void dropAll() {
        synchronized (kept) {
            turn = Instant.MAX;
            ready.clear();
            kept.clear();
            keptBytes = 0;
        }
    }

    /** A layer is made ready once, by the thread that comes first; the others wait for it. */
    private Ready ready(LayerSnapshot snapshot) {
        return ready.compute(
                snapshot.layer(),
                (name, before) -> before != null && before.snapshot() == snapshot
                        ? before
                        : new Ready(snapshot, TileLayer.of(name, valid(snapshot))));
    }

    /** What is valid now. */
    private List<GeoFeature> valid(LayerSnapshot snapshot) {
        Instant now = clock.instant();
        Instant next = Instant.MAX;
        List<GeoFeature> valid = new ArrayList<>(snapshot.size());
        for (GeoFeature feature : snapshot.features()) {
            Validity validity = Validity.of(feature.properties(), zone);
            if (validity.holds(now)) {
                valid.add(feature);
            }
            for (Instant moment : List.of(validity.from(), validity.to())) {
                next = moment.isAfter(now) && moment.isBefore(next) ? moment : next;
            }
        }
        synchronized (kept) {
            turn = next.isBefore(turn) ? next : turn;
        }
        return valid;
    }

    private static Tile pack(byte[] bytes, boolean gzipped) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        String tag = Long.toHexString(sum.getValue()) + "-" + Integer.toHexString(bytes.length);
        return gzipped
                ? new Tile(GzipMember.of(bytes, (int) sum.getValue()), true, "\"" + tag + "-gzip\"")
                : new Tile(bytes, false, "\"" + tag + "\"");
    }

    private void keep(Key key, Tile tile, List<Ready> madeFrom) {
        synchronized (kept) {
            // Made from what has changed meanwhile: whoever dropped the touched tiles did not see this one.
            if (madeFrom.stream()
                    .map(Ready::snapshot)
                    .anyMatch(snapshot -> layers.snapshot(snapshot.layer()) != snapshot)) {
                return;
            }
            Tile before = kept.put(key, tile);
            keptBytes += size(tile) - (before == null ? 0 : size(before));
            var eldest = kept.entrySet().iterator();
            while (keptBytes > maxKeptBytes && eldest.hasNext()) {
                keptBytes -= size(eldest.next().getValue());
                eldest.remove();
            }
        }
    }

    private static long size(Tile tile) {
        return tile.bytes().length + OVERHEAD;
    }
}
