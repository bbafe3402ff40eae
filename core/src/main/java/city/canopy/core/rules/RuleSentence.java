package city.canopy.core.rules;

import city.canopy.devices.profile.QuantityCatalog;
import city.canopy.geo.filter.Condition;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A rule as a sentence for people, in Vietnamese and English. */
public final class RuleSentence {
    private final QuantityCatalog quantities;

    public RuleSentence(QuantityCatalog quantities) {
        this.quantities = quantities;
    }

    /** By language: {@code vi} and {@code en}. */
    public Map<String, String> of(Rule rule) {
        return Map.of("vi", sentence(rule, true), "en", sentence(rule, false));
    }

    private String sentence(Rule rule, boolean vi) {
        if (rule instanceof Rule.Threshold threshold) {
            return threshold(threshold, vi);
        }
        if (rule instanceof Rule.Change change) {
            return change(change, vi);
        }
        Rule.Silence silence = (Rule.Silence) rule;
        String about = silence.profiles().isEmpty()
                ? ""
                : " (" + String.join(", ", silence.profiles().stream().sorted().toList()) + ")";
        return vi
                ? "Khi một thiết bị" + about + " không gửi tin trong " + silence.rhythms()
                        + " chu kỳ báo cáo; hết khi thiết bị gửi tin trở lại."
                : "When a device" + about + " has said nothing for " + silence.rhythms()
                        + " of its reporting rhythms; over when it speaks again.";
    }

    private String threshold(Rule.Threshold rule, boolean vi) {
        StringBuilder text = new StringBuilder(vi ? "Khi " : "When ");
        text.append(words(rule.open(), rule.target(), vi));
        if (!rule.hold().isZero()) {
            text.append(vi ? " suốt " : " for ").append(duration(rule.hold(), vi));
        }
        rule.where()
                .ifPresent(where -> text.append(vi ? ", tại nơi " : ", where ").append(where.text()));
        text.append(vi ? "; hết khi " : "; over when ");
        text.append(rule.clear()
                .map(clear -> words(clear, rule.target(), vi))
                .orElse(vi ? "điều đó không còn đúng" : "that no longer holds"));
        return text.append('.').append(parameters(rule.target(), vi)).toString();
    }

    private String change(Rule.Change rule, boolean vi) {
        String quantity = name(rule.target(), vi);
        String unit = quantities.get(rule.target().quantity()).unit();
        String by = number(rule.by()) + " " + unit;
        String within = duration(rule.within(), vi);
        String where = rule.where()
                .map(condition -> (vi ? ", tại nơi " : ", where ") + condition.text())
                .orElse("");
        return vi
                ? "Khi " + quantity + " thay đổi từ " + by + " trở lên trong vòng " + within + where + "; hết sau "
                        + within + " không có thay đổi như vậy." + parameters(rule.target(), true)
                : "When " + quantity + " has changed by " + by + " or more within " + within + where + "; over after "
                        + within + " without such a change." + parameters(rule.target(), false);
    }

    private String name(Rule.Target target, boolean vi) {
        String title = quantities.get(target.quantity()).title().get(vi ? "vi" : "en");
        // Abbreviations such as PM2.5 keep their capitals.
        boolean abbreviation = title.length() > 1 && Character.isUpperCase(title.charAt(1));
        return abbreviation ? title : title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
    }

    private String words(Condition condition, Rule.Target target, boolean vi) {
        String named = condition
                .text()
                .replaceAll(
                        "\\b" + target.quantity().name() + "\\b",
                        java.util.regex.Matcher.quoteReplacement(name(target, vi)));
        String signed = named.replace(">=", "≥").replace("<=", "≤").replace("<>", "≠");
        return vi
                ? signed.replace(" AND ", " và ").replace(" OR ", " hoặc ")
                : signed.replace(" AND ", " and ").replace(" OR ", " or ");
    }

    private static String parameters(Rule.Target target, boolean vi) {
        StringBuilder text = new StringBuilder();
        for (RuleParameter parameter : target.parameters()) {
            text.append(' ').append(parameter.name()).append(" = ").append(number(parameter.fallback()));
            if (parameter.attribute() != null) {
                text.append(vi ? "; theo " : "; by ").append(parameter.attribute());
                String lead = ": ";
                for (Map.Entry<String, Double> value : new TreeMap<>(parameter.values()).entrySet()) {
                    text.append(lead).append(value.getKey()).append(' ').append(number(value.getValue()));
                    lead = ", ";
                }
            }
            text.append('.');
        }
        return text.toString();
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String duration(Duration duration, boolean vi) {
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + (vi ? " ngày" : " d");
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + (vi ? " giờ" : " h");
        }
        return seconds % 60 == 0 ? seconds / 60 + (vi ? " phút" : " min") : seconds + (vi ? " giây" : " s");
    }
}
