package city.canopy.geo.file;

import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.GeoJsonReader;
import city.canopy.geo.layer.LayerProblem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.locationtech.jts.geom.Geometry;

/**
 * Makes a layer's features of a file: brings them to longitude and latitude, turns their rings as RFC 7946 has them, maps
 * their attributes, and says of each one that cannot be taken why not and what to do. Blocking; one call is one thread's.
 *
 * <p>Limits: {@value GeoJsonReader#MAX_FEATURES} features in a file, {@value #MAX_VERTICES} vertices in one of them and
 * {@value #MAX_VERTICES_IN_ALL} in all that are taken, {@value #MAX_PROPERTIES} properties of a feature and
 * {@value #MAX_TEXT} characters in one.
 */
public final class LayerImport {
    /** The most vertices of a feature; with more it is refused. */
    public static final int MAX_VERTICES = 100_000;

    /** The most vertices of a file; with more nothing of it is taken. */
    public static final int MAX_VERTICES_IN_ALL = 10_000_000;

    public static final int MAX_PROPERTIES = 200;
    public static final int MAX_TEXT = 20_000;

    private LayerImport() {}

    /**
     * What is asked for.
     *
     * @param layer the layer's name
     * @param crs the file's coordinate system, where it does not declare one or declares it wrongly
     * @param mapping how attributes become the layer's
     * @param required attributes that every feature must have
     * @param constants attributes that every feature gets where it has none of its own
     * @param area the operating area; what its plane does not reach is refused
     * @param options what else is said of the file
     * @param fit whether a feature fits the layer
     */
    public record Wish(
            String layer,
            Optional<String> crs,
            AttributeMapping mapping,
            Set<String> required,
            Map<String, Object> constants,
            WorkingPlane area,
            FormatOptions options,
            FeatureCheck fit) {
        public Wish {
            Objects.requireNonNull(layer, "layer");
            Objects.requireNonNull(crs, "crs");
            Objects.requireNonNull(mapping, "mapping");
            required = Set.copyOf(required);
            constants = Map.copyOf(constants);
            Objects.requireNonNull(area, "area");
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(fit, "fit");
        }
    }

    /**
     * A feature that was not taken.
     *
     * @param geometry where it is in lon/lat, as far as that is known, so that it can be drawn
     */
    public record Refused(LayerProblem problem, Optional<Geometry> geometry) {}

    /**
     * What came of it.
     *
     * @param features those that can be taken, in the file's order
     * @param refused the first {@value GeoJsonReader#MAX_PROBLEMS} others
     * @param refusedCount how many others there are
     * @param numbered whether ids are numbers in the file, as it has none of its own
     */
    public record Result(List<GeoFeature> features, List<Refused> refused, int refusedCount, boolean numbered) {}

    /** As {@link #read(Path, LayerFormat, Wish, IntConsumer)}, and nobody wants to know how far it has come. */
    public static Result read(Path file, LayerFormat format, Wish wish) throws IOException {
        return read(file, format, wish, count -> {});
    }

    /**
     * @param seen is told after each feature, good or not, the how manieth of the file it was
     * @throws IOException when the file as a whole cannot be read; the message says what to do
     */
    public static Result read(Path file, LayerFormat format, Wish wish, IntConsumer seen) throws IOException {
        FeatureTaking taking = new FeatureTaking(file, wish, seen);
        try {
            format.read(file, wish.options(), taking);
        } catch (EOFException e) {
            throw new IOException(file.getFileName() + " is damaged or cut off: it ends too soon", e);
        }
        return taking.result();
    }
}
