package city.canopy.geo.osm;

import city.canopy.geo.file.FileSink;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormat;
import city.canopy.geo.file.OsmTags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * OpenStreetMap's binary files: those nodes, ways and multipolygon relations that have one of the wanted tags. Their tags
 * become properties, all of them texts; their ids are {@code n1}, {@code w1} and {@code r1}. The file is gone through three
 * times, so that only what is wanted is held: see {@link OsmReading}.
 */
public final class OsmPbfFormat implements LayerFormat {
    @Override
    public String name() {
        return "osm-pbf";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("pbf");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        OsmTags tags = options.tags()
                .orElseThrow(() -> new IOException(file.getFileName()
                        + " holds all kinds of things: say a mapping that has tags, such as trees-osm"));
        sink.declared("EPSG:4326");
        new OsmReading(new PbfBlocks(file), tags, sink).read();
    }
}
