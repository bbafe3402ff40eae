package city.canopy.core.layers.file;

import city.canopy.core.layers.FeatureFit;
import city.canopy.core.layers.LayerDefinition;
import city.canopy.core.layers.PgLayers;
import city.canopy.core.layers.Provenance;
import city.canopy.geo.attach.Duplicates;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.file.AttributeMapping;
import city.canopy.geo.file.FormatOptions;
import city.canopy.geo.file.LayerFormat;
import city.canopy.geo.file.LayerImport;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.Wkb;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes files into layers as they stand, all of a file or nothing, and tells what it refused and what may be there
 * already. Blocking; one file at a time is kind to the memory, since a file is held whole.
 */
public final class LayerIntake {
    /** How many duplicates are listed; the others are counted. */
    public static final int MAX_DUPLICATES = 1_000;

    private final PgLayers layers;
    private final WorkingPlane area;
    private final ZoneId zone;

    /**
     * @param area the operating area; what lies beyond it is refused
     * @param zone in which days begin
     */
    public LayerIntake(PgLayers layers, WorkingPlane area, ZoneId zone) {
        this.layers = layers;
        this.area = area;
        this.zone = zone;
    }

    /**
     * What is to be done with a file.
     *
     * @param crs its coordinate system, where it does not declare one or declares it wrongly
     * @param required attributes that every feature must have
     * @param constants attributes that every feature gets where it has none of its own; see {@link #constants}
     * @param acceptValid take those that can be, though others cannot
     * @param dryRun only tell what would be
     */
    public record Request(
            String layer,
            Optional<String> crs,
            AttributeMapping mapping,
            Set<String> required,
            Map<String, Object> constants,
            FormatOptions options,
            boolean acceptValid,
            boolean dryRun) {
        public Request {
            Objects.requireNonNull(layer, "layer");
            Objects.requireNonNull(crs, "crs");
            Objects.requireNonNull(mapping, "mapping");
            required = Set.copyOf(required);
            constants = Map.copyOf(constants);
            Objects.requireNonNull(options, "options");
        }
    }

    /**
     * What came of it.
     *
     * @param taken whether the features stand in the layer now
     * @param duplicates those that may be there already under another id, or come twice; they are taken all the same
     * @param unchanged how many of the good ones stood in the layer just so; they are no edit, and not in the history
     */
    public record Outcome(LayerImport.Result read, boolean taken, Duplicates.Found duplicates, int unchanged) {}

    /** Is told how far a file has come; on the thread that takes it. */
    public interface Watch {
        /** Nobody watches. */
        Watch NONE = new Watch() {
            @Override
            public void read(int features) {}

            @Override
            public void comparing(int features) {}

            @Override
            public void writing(int features) {}
        };

        /** So many features have been read by now, good or not. */
        void read(int features);

        /** All is read; so many good ones are held against those that are there. */
        void comparing(int features);

        /** So many are being written, all in one. */
        void writing(int features);
    }

    /** Where all features of a file come from, as attributes. */
    public static Map<String, Object> constants(
            Optional<Double> accuracyMeters, Optional<String> source, Optional<LocalDate> surveyedOn) {
        Map<String, Object> constants = new LinkedHashMap<>();
        accuracyMeters.ifPresent(meters -> constants.put(Provenance.ACCURACY, meters));
        source.ifPresent(text -> constants.put(Provenance.SOURCE, text));
        surveyedOn.ifPresent(day -> constants.put(Provenance.SURVEYED, day.toString()));
        Provenance.of(constants);
        return constants;
    }

    /** As {@link #take(Path, Request, String, Watch)}, and nobody watches. */
    public Outcome take(Path file, Request request, String actor) throws IOException {
        return take(file, request, actor, Watch.NONE);
    }

    /**
     * Reads a file and takes it in, unless the request or what is wrong with it forbids that.
     *
     * @param actor who does it, for the history
     * @throws IOException when the file cannot be used at all; the message says what to do
     * @throws IllegalArgumentException when there is no such layer, or it would become too large
     */
    public Outcome take(Path file, Request request, String actor, Watch watch) throws IOException {
        LayerDefinition definition = layers.findDefinition(request.layer())
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no layer " + request.layer() + "; there are " + String.join(", ", names())));
        LayerImport.Result read = read(file, request, definition, watch);
        watch.comparing(read.features().size());
        LayerSnapshot standing = layers.snapshot(request.layer());
        Duplicates.Found duplicates = Duplicates.find(read.features(), standing, area, MAX_DUPLICATES);
        List<GeoFeature> edits = read.features().stream()
                .filter(feature -> !stands(feature, standing))
                .toList();
        boolean taken = !request.dryRun() && (read.refusedCount() == 0 || request.acceptValid());
        if (taken) {
            watch.writing(edits.size());
            layers.load(request.layer(), edits, actor);
        }
        return new Outcome(read, taken, duplicates, read.features().size() - edits.size());
    }

    /** Whether a feature is in a layer with the same shape, heights included, and the same attributes. */
    private static boolean stands(GeoFeature feature, LayerSnapshot standing) {
        return standing.find(feature.id())
                .filter(other -> values(other).equals(values(feature)))
                .filter(other -> Arrays.equals(Wkb.write(other.geometry()), Wkb.write(feature.geometry())))
                .isPresent();
    }

    /** The attributes with their numbers by value, whatever they are held as. */
    private static Map<String, Object> values(GeoFeature feature) {
        Map<String, Object> values = new HashMap<>(feature.properties());
        values.replaceAll((name, value) -> value instanceof Number number && Double.isFinite(number.doubleValue())
                ? new BigDecimal(number.toString()).stripTrailingZeros()
                : value);
        return values;
    }

    private List<String> names() {
        return layers.listDefinitions().stream().map(LayerDefinition::name).toList();
    }

    private LayerImport.Result read(Path file, Request request, LayerDefinition definition, Watch watch)
            throws IOException {
        LayerFormat format = LayerFiles.formats()
                .of(file)
                .orElseThrow(() ->
                        new IOException(file.getFileName() + " is of no kind that is known by its name; there are "
                                + LayerFiles.formats().list()));
        LayerImport.Wish wish = new LayerImport.Wish(
                request.layer(),
                request.crs(),
                request.mapping().withNumbers(numbers(definition)),
                request.required(),
                request.constants(),
                area,
                request.options(),
                new FeatureFit(definition, zone));
        try {
            return LayerImport.read(file, format, wish, watch::read);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there; name another file", e);
        }
    }

    private static Set<String> numbers(LayerDefinition definition) {
        Set<String> numbers = definition.attributes().stream()
                .filter(attribute -> attribute.type().equals("number"))
                .map(LayerDefinition.Attribute::name)
                .collect(Collectors.toCollection(TreeSet::new));
        numbers.add(Provenance.ACCURACY);
        return numbers;
    }
}
