package city.canopy.geo.file;

import city.canopy.geo.layer.LayerProblem;
import java.io.IOException;

/** Takes what a format finds in a file. */
public interface FileSink {
    /**
     * The coordinate system that the file declares, before its first feature; not called where it declares none.
     *
     * @param system a code such as {@code EPSG:9213}, or well-known text
     */
    void declared(String system);

    /**
     * The next feature.
     *
     * @throws IOException when nothing more of the file can be taken; it is to be passed on
     */
    void accept(SourceFeature feature) throws IOException;

    /** Something that cannot be taken. */
    void problem(LayerProblem problem);
}
