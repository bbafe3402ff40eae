package city.canopy.core.rules;

import java.util.Objects;

/**
 * A rule and how it was written.
 *
 * @param pack the pack that brings it
 * @param rule the rule itself
 * @param text the file that it was read from
 */
public record RuleText(String pack, Rule rule, String text) {
    public RuleText {
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(text, "text");
    }
}
