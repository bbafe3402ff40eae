package city.canopy.core.search;

import java.util.Arrays;
import java.util.List;

/** What is looked for: words that must all begin some word of the feature. Immutable. */
public final class SearchQuery {
    /** The longest query, in characters. */
    public static final int MAX_LENGTH = 100;

    /** The most words of one query. */
    public static final int MAX_WORDS = 8;

    private final String folded;
    private final List<String> words;

    private SearchQuery(String folded, List<String> words) {
        this.folded = folded;
        this.words = words;
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
        return new SearchQuery(folded, words);
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
            if (beginsAWord(text, words.get(i))) {
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
}
