package city.canopy.core.layers;

import city.canopy.core.layers.EditConflictException.Kind;
import city.canopy.geo.layer.GeoFeature;
import java.util.Objects;
import java.util.Optional;

/** One edit of one feature. The version that a given feature carries does not matter. */
public sealed interface FeatureEdit {
    /** The feature that it is about. */
    String id();

    /** What the feature is afterwards; empty when it is gone. */
    Optional<GeoFeature> state();

    /** @throws EditConflictException when it does not fit what stands */
    void check(Optional<GeoFeature> standing);

    /** One that leaves the feature in a state. */
    sealed interface OfState extends FeatureEdit {
        GeoFeature feature();

        @Override
        default String id() {
            return feature().id();
        }

        @Override
        default Optional<GeoFeature> state() {
            return Optional.of(feature());
        }
    }

    /** A new feature; refused when its id is taken. */
    record Create(GeoFeature feature) implements OfState {
        public Create {
            Objects.requireNonNull(feature, "feature");
        }

        @Override
        public void check(Optional<GeoFeature> standing) {
            if (standing.isPresent()) {
                throw new EditConflictException(Kind.EXISTS, id(), standing);
            }
        }
    }

    /**
     * Another state of a feature; refused when it is not there.
     *
     * @param expectedVersion refused when the feature stands at another version than this; empty for any
     */
    record Replace(GeoFeature feature, Optional<Long> expectedVersion) implements OfState {
        public Replace {
            Objects.requireNonNull(feature, "feature");
            Objects.requireNonNull(expectedVersion, "expectedVersion");
        }

        @Override
        public void check(Optional<GeoFeature> standing) {
            expect(id(), expectedVersion, standing);
        }
    }

    /** This state of a feature, whether it was there or not. */
    record Put(GeoFeature feature) implements OfState {
        public Put {
            Objects.requireNonNull(feature, "feature");
        }

        @Override
        public void check(Optional<GeoFeature> standing) {
            // It fits whatever stands.
        }
    }

    /**
     * Away with it; refused when it is not there. Its last state stays in the history.
     *
     * @param expectedVersion as with {@link Replace}
     */
    record Remove(String id, Optional<Long> expectedVersion) implements FeatureEdit {
        public Remove {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(expectedVersion, "expectedVersion");
        }

        @Override
        public Optional<GeoFeature> state() {
            return Optional.empty();
        }

        @Override
        public void check(Optional<GeoFeature> standing) {
            expect(id, expectedVersion, standing);
        }
    }

    private static void expect(String id, Optional<Long> version, Optional<GeoFeature> standing) {
        if (standing.isEmpty()) {
            throw new EditConflictException(Kind.GONE, id, standing);
        }
        if (version.isPresent() && version.get() != standing.get().version()) {
            throw new EditConflictException(Kind.CHANGED, id, standing);
        }
    }
}
