package city.canopy.core.rules;

import city.canopy.devices.profile.QuantityCatalog;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a rule fired, with the values that it saw: {@code soil moisture (11.2 %) < limit (18)}. */
public final class SeenSentence {
    private static final Pattern NAME = Pattern.compile("'[^']*'|\\b[a-z][a-z0-9_]*\\b");
    private static final int DECIMALS = 3;

    private final QuantityCatalog quantities;

    public SeenSentence(QuantityCatalog quantities) {
        this.quantities = quantities;
    }

    /**
     * By language, {@code vi} and {@code en}; empty where the rule saw no values, as one about silence.
     *
     * @param seen what it saw, by name
     */
    public Map<String, String> of(Rule rule, Map<String, Object> seen) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (seen.isEmpty() || RuleBook.target(rule).isEmpty()) {
            return texts;
        }
        for (String language : new String[] {"vi", "en"}) {
            String text = rule instanceof Rule.Threshold threshold
                    ? filled(threshold.open().text(), seen, language)
                    : listed(seen, language);
            texts.put(language, text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1) + ".");
        }
        return texts;
    }

    private String filled(String condition, Map<String, Object> seen, String language) {
        Matcher names = NAME.matcher(condition);
        String text = names.replaceAll(found -> Matcher.quoteReplacement(
                seen.containsKey(found.group()) ? said(found.group(), seen, language) : found.group()));
        return text.replace(">=", "≥").replace("<=", "≤").replace("<>", "≠");
    }

    private String listed(Map<String, Object> seen, String language) {
        StringBuilder text = new StringBuilder();
        seen.keySet().stream()
                .sorted()
                .forEach(name -> text.append(text.isEmpty() ? "" : ", ").append(said(name, seen, language)));
        return text.toString();
    }

    private String said(String name, Map<String, Object> seen, String language) {
        Object value = seen.get(name);
        String shown = value instanceof Number number ? number(number.doubleValue()) : String.valueOf(value);
        return quantities
                .find(name)
                .map(spec -> spec.title().get(language) + " (" + shown + " " + spec.unit() + ")")
                .orElse(name + " (" + shown + ")");
    }

    private static String number(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .setScale(DECIMALS, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                : Double.toString(value);
    }
}
