package city.canopy.core.layers.file;

import city.canopy.geo.export.LayerOutputs;
import city.canopy.geo.file.LayerFormats;
import city.canopy.geo.osm.OsmPbfFormat;
import java.time.Clock;

/** Every kind of file that layers come in and go out by: those of {@code geo}, and those that need SQL. */
public final class LayerFiles {
    private LayerFiles() {}

    public static LayerFormats formats() {
        return LayerFormats.standard().and(new OsmPbfFormat()).and(new GeoPackageFormat());
    }

    /** @param clock says when a file was written */
    public static LayerOutputs outputs(Clock clock) {
        return LayerOutputs.standard().and(new GeoPackageOutput(clock));
    }
}
