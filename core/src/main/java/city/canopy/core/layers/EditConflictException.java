package city.canopy.core.layers;

import city.canopy.geo.layer.GeoFeature;
import java.util.Optional;

/** An edit does not fit what stands: nothing was changed. */
public final class EditConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is in the way. */
    public enum Kind {
        /** The id is taken. */
        EXISTS,
        /** There is no such feature. */
        GONE,
        /** The feature stands at another version. */
        CHANGED
    }

    private final Kind kind;
    private final String id;
    private final Long version;

    EditConflictException(Kind kind, String id, Optional<GeoFeature> standing) {
        super(
                switch (kind) {
                    case EXISTS -> "there is a feature " + id + " already";
                    case GONE -> "there is no feature " + id;
                    case CHANGED ->
                        "feature " + id + " has changed meanwhile: it stands at version "
                                + standing.map(GeoFeature::version).orElse(0L);
                });
        this.kind = kind;
        this.id = id;
        this.version = standing.map(GeoFeature::version).orElse(null);
    }

    public Kind kind() {
        return kind;
    }

    /** The feature's id. */
    public String id() {
        return id;
    }

    /** The version that stands; empty when nothing does. */
    public Optional<Long> version() {
        return Optional.ofNullable(version);
    }
}
