package city.canopy.core.rules;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A rule as a sentence for people, in Vietnamese and English. */
public final class RuleSentence {
    private final Vocabulary vocabulary;

    public RuleSentence(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** By language: {@code vi} and {@code en}. */
    public Map<String, String> of(Rule rule) {
        return Map.of("vi", sentence(rule, "vi"), "en", sentence(rule, "en"));
    }

    private String sentence(Rule rule, String language) {
        if (rule instanceof Rule.Threshold threshold) {
            return threshold(threshold, language) + parameters(threshold.target(), language);
        }
        if (rule instanceof Rule.Change change) {
            return change(change, language) + parameters(change.target(), language);
        }
        return rule instanceof Rule.Missed missed ? missed(missed, language) : silence((Rule.Silence) rule, language);
    }

    private String silence(Rule.Silence rule, String language) {
        String about = rule.profiles().isEmpty()
                ? ""
                : " ("
                        + rule.profiles().stream()
                                .sorted()
                                .map(profile -> vocabulary.thing(profile, language))
                                .collect(Collectors.joining(", "))
                        + ")";
        return Words.by(
                language,
                "Khi một thiết bị" + about + " không gửi tin trong " + rule.rhythms()
                        + " chu kỳ báo cáo; hết khi thiết bị gửi tin trở lại.",
                "When a device" + about + " has said nothing for " + rule.rhythms()
                        + " of its reporting rhythms; over when it speaks again.");
    }

    private String threshold(Rule.Threshold rule, String language) {
        ConditionWords words = words(rule.target(), language);
        StringBuilder text = new StringBuilder(Words.by(language, "Khi ", "When "));
        text.append(words.of(rule.open()));
        if (!rule.hold().isZero()) {
            text.append(Words.by(language, " suốt ", " for ")).append(Words.duration(rule.hold(), language));
        }
        rule.where()
                .ifPresent(where -> text.append(Words.by(language, ", tại nơi ", ", where "))
                        .append(words.of(where)));
        text.append(Words.by(language, "; hết khi ", "; over when "));
        text.append(rule.clear()
                .map(words::of)
                .orElse(Words.by(language, "điều đó không còn đúng", "that no longer holds")));
        return text.append('.').toString();
    }

    private String change(Rule.Change rule, String language) {
        String quantity = vocabulary
                .name(null, rule.target().quantity().name(), language)
                .orElse(rule.target().quantity().name());
        String by = Words.number(rule.by(), language)
                + vocabulary.unit(rule.target().quantity().name());
        String within = Words.duration(rule.within(), language);
        String where = rule.where()
                .map(condition -> Words.by(language, ", tại nơi ", ", where ")
                        + words(rule.target(), language).of(condition))
                .orElse("");
        return Words.by(
                language,
                "Khi " + quantity + " " + moved(rule.direction(), language) + " từ " + by + " trở lên trong vòng "
                        + within + where + "; hết sau " + within + " không có thay đổi như vậy.",
                "When " + quantity + " has " + moved(rule.direction(), language) + " by " + by + " or more within "
                        + within + where + "; over after " + within + " without such a change.");
    }

    private static String moved(Rule.Direction direction, String language) {
        return switch (direction) {
            case UP -> Words.by(language, "tăng", "risen");
            case DOWN -> Words.by(language, "giảm", "fallen");
            case EITHER -> Words.by(language, "thay đổi", "changed");
        };
    }

    private String missed(Rule.Missed rule, String language) {
        List<String> rounds = rule.rounds().stream()
                .map(round -> vocabulary.thing(round.schedule(), language))
                .toList();
        String done = words(rule.target(), language).of(rule.done());
        String by = rule.by().toString();
        return Words.by(
                language,
                "Khi đến " + by + " của ngày có lịch " + String.join(" hoặc ", rounds) + " mà trong ngày chưa lúc nào "
                        + done + "; hết khi " + done + ".",
                "When by " + by + " on a day of " + String.join(" or ", rounds) + " there has been no moment with "
                        + done + "; over when " + done + ".");
    }

    private ConditionWords words(Rule.Target target, String language) {
        return new ConditionWords(vocabulary, target, Map.of(), language);
    }

    /** What a parameter is where it differs from feature to feature; one number for all stands in the condition. */
    private String parameters(Rule.Target target, String language) {
        StringBuilder text = new StringBuilder();
        for (RuleParameter parameter : target.parameters()) {
            if (parameter.attribute() == null) {
                continue;
            }
            String attribute = vocabulary
                    .name(target.layer(), parameter.attribute(), language)
                    .orElse(parameter.attribute());
            String unit = parameter.values().isEmpty()
                    ? ""
                    : vocabulary.unit(target.quantity().name());
            String fallback = Words.number(parameter.fallback(), language) + unit;
            String name = Words.sentence(ConditionWords.parameterName(vocabulary, target, parameter, language));
            if (parameter.values().isEmpty()) {
                text.append(Words.by(
                        language,
                        " " + name + ": " + fallback + " khi chưa biết.",
                        " " + name + ": " + fallback + " where it is not known."));
                continue;
            }
            String values = new TreeMap<>(parameter.values())
                    .entrySet().stream()
                            .map(value -> vocabulary.value(parameter.attribute(), value.getKey(), language) + " "
                                    + Words.number(value.getValue(), language) + unit)
                            .collect(Collectors.joining(", "));
            text.append(Words.by(
                    language,
                    " " + name + " theo " + attribute + ": " + values + "; còn lại " + fallback + ".",
                    " " + name + " by " + attribute + ": " + values + "; otherwise " + fallback + "."));
        }
        return text.toString();
    }
}
