package city.canopy.core.rules;

import city.canopy.geo.filter.Condition;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition in words: names by their titles, values by their texts, numbers with their units, and where the rule has
 * fired with what it saw. The order and the signs of the condition stay, so that nothing is lost in the telling.
 */
final class ConditionWords {
    /** A literal, a name, a comparison, a number, or any other character. */
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|[=<>]|\\d+(?:\\.\\d+)?|\\s+|.", Pattern.DOTALL);

    private static final Pattern NEAR = Pattern.compile(
            "DWITHIN\\s*\\(\\s*geometry\\s*,\\s*layer\\(\\s*'(\\w+)'\\s*(?:,\\s*'((?:[^']|'')*)'\\s*)?\\)\\s*,"
                    + "\\s*([\\d.]+)\\s*,\\s*meters\\s*\\)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern IN = Pattern.compile(
            "(?:INTERSECTS|WITHIN)\\s*\\(\\s*geometry\\s*,\\s*layer\\(\\s*'(\\w+)'\\s*(?:,\\s*'((?:[^']|'')*)'\\s*)?\\)\\s*\\)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern EITHER_WAY =
            Pattern.compile("\\babs\\s*\\(\\s*(\\w+)\\s*\\)", Pattern.CASE_INSENSITIVE);
    private static final Map<String, String> SIGNS = Map.of("<=", "≤", ">=", "≥", "<>", "≠", "*", "×");
    /** Keywords and functions, in Vietnamese and English; what is not here stays as it is. */
    private static final Map<String, String[]> KEYWORDS = Map.ofEntries(
            Map.entry("AND", new String[] {"và", "and"}),
            Map.entry("OR", new String[] {"hoặc", "or"}),
            Map.entry("NOT", new String[] {"không", "not"}),
            Map.entry("BETWEEN", new String[] {"trong khoảng", "between"}),
            Map.entry("IN", new String[] {"thuộc", "one of"}),
            Map.entry("LIKE", new String[] {"giống", "like"}));

    private final Vocabulary vocabulary;
    private final Rule.Target target;
    private final Map<String, Object> seen;
    private final String language;
    /** The name that a comparison is about, for its values' texts and unit. */
    private String about = "";

    private boolean compared;
    /** What stood before the number that is read: a factor has no unit. */
    private String before = "";

    /** @param seen what the rule saw, by name; empty for the rule as such */
    ConditionWords(Vocabulary vocabulary, Rule.Target target, Map<String, Object> seen, String language) {
        this.vocabulary = vocabulary;
        this.target = target;
        this.seen = seen;
        this.language = language;
    }

    String of(Condition condition) {
        return of(condition.text(), target.layer());
    }

    private String of(String condition, String layer) {
        about = "";
        compared = false;
        before = "";
        String text = places(condition);
        text = text.replaceAll("(?i)\\b(\\w+)\\s+IS\\s+NOT\\s+NULL\\b", Words.by(language, "có $1", "$1 is known"));
        text = text.replaceAll("(?i)\\b(\\w+)\\s+IS\\s+NULL\\b", Words.by(language, "không có $1", "$1 is not known"));
        text = EITHER_WAY
                .matcher(text)
                .replaceAll("$1 " + quoted(Words.by(language, "về bất kỳ phía nào", "either way")));
        StringBuilder words = new StringBuilder();
        Matcher tokens = TOKEN.matcher(text);
        while (tokens.find()) {
            String token = tokens.group();
            String word = word(token, layer);
            if (isNamed(token, word)) {
                sayIs(words);
            }
            words.append(word);
            before = token.isBlank() ? before : token;
        }
        return words.toString().strip().replaceAll("[\\s ]+", " ");
    }

    private boolean isNamed(String token, String word) {
        return (before.equals("=") || before.equals("<>"))
                && (token.charAt(0) == '\''
                        || Character.isDigit(token.charAt(0)) && !Character.isDigit(word.charAt(0)));
    }

    /** A value that has a name is said to be it, not to equal it; what is measured is said to be so. */
    private void sayIs(StringBuilder words) {
        String sign = SIGNS.getOrDefault(before, before);
        int at = words.lastIndexOf(sign);
        boolean measured = about.equals(target.quantity().name());
        String is = before.equals("=")
                ? Words.by(language, measured ? "" : "là", "is")
                : Words.by(language, measured ? "không" : "không phải là", "is not");
        words.replace(at, at + sign.length(), is);
    }

    private String word(String token, String layer) {
        char first = token.charAt(0);
        if (first == '\'') {
            return vocabulary.value(
                    about, token.substring(1, token.length() - 1).replace("''", "'"), language);
        }
        if (Character.isLetter(first) || first == '_') {
            return name(token, layer);
        }
        if ("<>=".indexOf(first) >= 0) {
            compared = true;
            return SIGNS.getOrDefault(token, token);
        }
        if (Character.isDigit(first)) {
            return number(token);
        }
        return SIGNS.getOrDefault(token, token);
    }

    private String name(String token, String layer) {
        String[] keyword = KEYWORDS.get(token.toUpperCase(java.util.Locale.ROOT));
        if (keyword != null) {
            compared = !keyword[1].equals("and") && !keyword[1].equals("or") && compared;
            return Words.by(language, keyword[0], keyword[1]);
        }
        Optional<RuleParameter> parameter = target.parameters().stream()
                .filter(each -> each.name().equals(token))
                .findFirst();
        if (parameter.isPresent()) {
            return parameter(parameter.get());
        }
        Optional<String> title = vocabulary.name(layer, token, language);
        if (title.isEmpty()) {
            return token;
        }
        about = token;
        compared = false;
        return title.get() + said(token);
    }

    private String parameter(RuleParameter parameter) {
        Object value = seen.get(parameter.name());
        about = compared ? about : parameter.name();
        if (parameter.attribute() == null) {
            return Words.number(parameter.fallback(), language);
        }
        return parameterName(vocabulary, target, parameter, language)
                + (value instanceof Number number
                        ? " (" + Words.number(number.doubleValue(), language) + unitOf(parameter) + ")"
                        : "");
    }

    /** A limit is in the quantity's unit; an attribute's own number says its unit in its title. */
    private String unitOf(RuleParameter parameter) {
        return parameter.values().isEmpty()
                ? ""
                : vocabulary.unit(target.quantity().name());
    }

    /** The title that the rule gives it, else that of the attribute whose number it is, else "the limit". */
    static String parameterName(Vocabulary vocabulary, Rule.Target target, RuleParameter parameter, String language) {
        String own = parameter.title().get(language);
        if (own != null) {
            return Words.inSentence(own);
        }
        return parameter.values().isEmpty()
                ? vocabulary
                        .name(target.layer(), parameter.attribute(), language)
                        .orElse(parameter.name())
                : Words.by(language, "giới hạn", "the limit");
    }

    private String said(String name) {
        Object value = seen.get(name);
        if (value instanceof Number number) {
            return " (" + Words.number(number.doubleValue(), language) + vocabulary.unit(name) + ")";
        }
        return value == null ? "" : " (" + vocabulary.value(name, value.toString(), language) + ")";
    }

    private String number(String token) {
        double number = Double.parseDouble(token);
        String plain = Words.number(number, "en");
        if (compared && vocabulary.hasValue(about, plain)) {
            return vocabulary.value(about, plain, language);
        }
        boolean factor = before.equals("*") || before.equals("/");
        boolean measured = compared && !factor && about.equals(target.quantity().name());
        return Words.number(number, language) + (measured ? vocabulary.unit(about) : "");
    }

    /** Spatial terms that people use; others stay as they are written. */
    private String places(String condition) {
        String near = NEAR.matcher(condition)
                .replaceAll(found -> Matcher.quoteReplacement(quoted(Words.by(
                        language,
                        "cách " + place(found.group(1), found.group(2)) + " không quá "
                                + Words.number(Double.parseDouble(found.group(3)), language) + " m",
                        "within " + Words.number(Double.parseDouble(found.group(3)), language) + " m of "
                                + place(found.group(1), found.group(2))))));
        return IN.matcher(near)
                .replaceAll(found -> Matcher.quoteReplacement(
                        quoted(Words.by(language, "nằm trong ", "inside ") + place(found.group(1), found.group(2)))));
    }

    /** What is said already and must not be read again: a literal of a value that nobody has named. */
    private static String quoted(String words) {
        return "'" + words.replace("'", "''") + "'";
    }

    private String place(String layer, String filter) {
        String title = vocabulary.layer(layer, language);
        if (filter == null) {
            return title;
        }
        return title + " ("
                + new ConditionWords(vocabulary, target, Map.of(), language).of(filter.replace("''", "'"), layer) + ")";
    }
}
