package city.canopy.core.rules;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Why a rule fired, with the values that it saw: {@code soil moisture (11.2 %) < the limit (18 %)}. */
public final class SeenSentence {
    private final Vocabulary vocabulary;

    public SeenSentence(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
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
        Rule.Target target = RuleBook.target(rule).get();
        for (String language : new String[] {"vi", "en"}) {
            String text = rule instanceof Rule.Threshold threshold
                    ? new ConditionWords(vocabulary, target, seen, language).of(threshold.open())
                    : listed(target, seen, language);
            texts.put(language, Words.sentence(text) + ".");
        }
        return texts;
    }

    private String listed(Rule.Target target, Map<String, Object> seen, String language) {
        return seen.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> vocabulary
                                .name(target.layer(), entry.getKey(), language)
                                .orElse(entry.getKey()) + " (" + shown(entry.getKey(), entry.getValue(), language)
                        + ")")
                .collect(Collectors.joining(", "));
    }

    private String shown(String name, Object value, String language) {
        return value instanceof Number number
                ? Words.number(number.doubleValue(), language) + vocabulary.unit(name)
                : vocabulary.value(name, String.valueOf(value), language);
    }
}
