package city.canopy.core.rules;

import city.canopy.geo.layer.GeoFeature;
import java.util.List;

/** One rule applied to one datastream: where it stands, and what it holds in memory. One partition's. */
final class RuleSlot {
    static final long NOT_DUE = Long.MAX_VALUE;

    final Rule rule;
    final Rule.Target target;
    private final double[] numbers;
    RuleState state;
    /** Only for rules of change; null until it has been built. */
    ChangeWindow window;
    /** When the timer is set to look at it, in receipt time; {@link #NOT_DUE} when it is not. */
    long queuedFor = NOT_DUE;
    /** Whether its state is to be written with this batch. */
    boolean changed;

    RuleSlot(Rule rule, Rule.Target target, RuleState state) {
        this.rule = rule;
        this.target = target;
        this.state = state;
        this.numbers = new double[target.parameters().size()];
    }

    /** Works the parameters out anew for a feature, which may be null. */
    void adapt(GeoFeature feature) {
        List<RuleParameter> parameters = target.parameters();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = parameters.get(i).of(feature);
        }
    }

    /** Which parameter has this name, or -1. */
    int parameter(String name) {
        List<RuleParameter> parameters = target.parameters();
        for (int i = 0; i < numbers.length; i++) {
            if (parameters.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    double number(int parameter) {
        return numbers[parameter];
    }
}
