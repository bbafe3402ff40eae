package city.canopy.core.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Numbers, spans of time and titles as they stand in a sentence, in Vietnamese ({@code vi}) or English. */
final class Words {
    private static final int DECIMALS = 3;

    private Words() {}

    /** One of two, by language. */
    static String by(String language, String vietnamese, String english) {
        return language.equals("vi") ? vietnamese : english;
    }

    /** Rounded to the thousandth, with a comma in Vietnamese. */
    static String number(double value, String language) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        String plain = BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
        return by(language, plain.replace('.', ','), plain);
    }

    static String duration(Duration duration, String language) {
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + by(language, " ngày", " d");
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + by(language, " giờ", " h");
        }
        return seconds % 60 == 0 ? seconds / 60 + by(language, " phút", " min") : seconds + by(language, " giây", " s");
    }

    /** With a small letter, unless it is an abbreviation such as PM2.5. */
    static String inSentence(String title) {
        boolean abbreviation = title.length() > 1 && Character.isUpperCase(title.charAt(1));
        return title.isEmpty() || abbreviation
                ? title
                : title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
    }

    /** With a capital. */
    static String sentence(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
