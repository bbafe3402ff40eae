package city.canopy.core.rules;

import city.canopy.core.series.Datastream;
import city.canopy.geo.layer.GeoFeature;
import city.canopy.geo.layer.LayerSnapshot;
import city.canopy.geo.layer.LayerSource;

/** A datastream and every rule that looks at it, as one partition holds them in memory. One partition's. */
final class StreamRules {
    static final RuleSlot[] NO_RULES = {};

    final Datastream stream;
    final RuleSlot[] slots;
    final LastWords.Word word;
    /** Event and receipt time of the last reading that was judged; 0 before the first. */
    long lastMeasured;
    /** Its value, and its raw frame or 0. */
    double lastValue;

    long lastFrame;

    long lastReceived;
    /** The batch that touched it last, so that a rollback finds it. */
    long batch;
    /** The latest receipt time of this batch. */
    long heardInBatch;

    private LayerSnapshot snapshot;
    private GeoFeature feature;

    StreamRules(Datastream stream, RuleSlot[] slots, LastWords.Word word) {
        this.stream = stream;
        this.slots = slots;
        this.word = word;
        for (RuleSlot slot : slots) {
            slot.adapt(null);
        }
    }

    /** The feature as it stands now, or null. Notices an edited layer, and then works the parameters out anew. */
    GeoFeature feature(LayerSource layers) {
        if (stream.layer() == null) {
            return null;
        }
        LayerSnapshot now = layers.names().contains(stream.layer()) ? layers.snapshot(stream.layer()) : null;
        if (now != snapshot) {
            snapshot = now;
            GeoFeature found = now == null ? null : now.find(stream.featureId()).orElse(null);
            if (found != feature) {
                feature = found;
                for (RuleSlot slot : slots) {
                    slot.adapt(found);
                }
            }
        }
        return feature;
    }

    /** Whether its last reading matters, for work that is waited for, and is not known. */
    boolean lacksLast() {
        if (lastMeasured != 0) {
            return false;
        }
        for (RuleSlot slot : slots) {
            if (slot.rule instanceof Rule.Missed && slot.state.phase() == RuleState.Phase.PENDING) {
                return true;
            }
        }
        return false;
    }

    /** Whether a rule of change is among them whose window has not been built yet. */
    boolean lacksWindow() {
        for (RuleSlot slot : slots) {
            if (slot.window == null && slot.rule instanceof Rule.Change) {
                return true;
            }
        }
        return false;
    }
}
