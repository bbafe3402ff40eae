package city.canopy.core.search;

import java.util.Arrays;
import java.util.List;

/** What is looked for: words that must all begin some word of the feature, or nearly so where that is asked for. Immutable. */
public final class SearchQuery {
    /** The longest query, in characters. */
    public static final int MAX_LENGTH = 100;

    /** The most words of one query. */
    public static final int MAX_WORDS = 8;

    /** Shorter words are not forgiven a wrong letter: they would be like too many others. */
    private static final int FORGIVEN_FROM = 4;

    private final String folded;
    private final List<String> words;
    private final boolean forgiving;

    private SearchQuery(String folded, List<String> words, boolean forgiving) {
        this.folded = folded;
        this.words = words;
        this.forgiving = forgiving;
    }

    /** @throws IllegalArgumentException when it is empty or over a limit; the message says what to do */
    public static SearchQuery of(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Look for 1 to " + MAX_LENGTH + " characters.");
        }
        String folded = Folding.fold(stripped);
        List<String> words = Arrays.stream(folded.split("[\\s,;]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty() || words.size() > MAX_WORDS) {
            throw new IllegalArgumentException("Look for 1 to " + MAX_WORDS + " words.");
        }
        return new SearchQuery(folded, words, false);
    }

    /**
     * The same for whoever mistyped: of each word of {@value #FORGIVEN_FROM} letters or more one after the first may be wrong,
     * missing, too many, or have changed places with the next.
     */
    SearchQuery forgiving() {
        return new SearchQuery(folded, words, true);
    }

    String folded() {
        return folded;
    }

    /** One bit for each word. */
    int allWords() {
        return (1 << words.size()) - 1;
    }

    /** The bits of the words that begin a word of this folded text. */
    int wordsIn(String text) {
        int found = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (beginsAWord(text, word)
                    || forgiving && word.length() >= FORGIVEN_FROM && nearlyBeginsAWord(text, word)) {
                found |= 1 << i;
            }
        }
        return found;
    }

    /** The bits of the words that an id begins with. */
    int wordsOfId(String id) {
        int found = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (id.regionMatches(true, 0, word, 0, word.length())) {
                found |= 1 << i;
            }
        }
        return found;
    }

    private static boolean beginsAWord(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean nearlyBeginsAWord(String text, String word) {
        for (int at = 0; at < text.length(); at++) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            if (begins && nearly(text, at, word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text has the word at this place but for one letter, which is not the first. */
    private static boolean nearly(String text, int at, String word) {
        int same = 0;
        while (same < word.length() && at + same < text.length() && text.charAt(at + same) == word.charAt(same)) {
            same++;
        }
        int here = at + same;
        return same > 0
                && (goesOn(text, here + 1, word, same + 1)
                        || goesOn(text, here + 1, word, same)
                        || goesOn(text, here, word, same + 1)
                        || goesOn(text, here + 2, word, same + 2) && swapped(text, here, word, same));
    }

    private static boolean goesOn(String text, int at, String word, int from) {
        return at <= text.length() && from <= word.length() && text.startsWith(word.substring(from), at);
    }

    private static boolean swapped(String text, int at, String word, int from) {
        return text.charAt(at) == word.charAt(from + 1) && text.charAt(at + 1) == word.charAt(from);
    }
}
