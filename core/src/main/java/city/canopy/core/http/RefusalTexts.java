package city.canopy.core.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What refusals say, in Vietnamese. The program writes them in English, where they arise; the file {@code texts/refusals.vi}
 * has each of their sentences, with {@code {}} where something is filled in, and below it the Vietnamese one, with {@code {1}},
 * {@code {2}} for the same things. What is filled in may be a sentence of the file itself. Immutable; any thread.
 */
final class RefusalTexts {
    private static final String FILE = "/texts/refusals.vi";
    private static final RefusalTexts VIETNAMESE = read();

    /** What is filled in may be a sentence that has something filled in, and so on, this often. */
    private static final int DEPTH = 4;

    private final List<Sentence> sentences;

    /**
     * A sentence in both languages.
     *
     * @param parts the English one, cut at what is filled in
     */
    private record Sentence(List<String> parts, String vietnamese) {
        int length() {
            return parts.stream().mapToInt(String::length).sum();
        }

        /** What is filled in, in its order; empty when this is another sentence. */
        Optional<List<String>> filled(String text) {
            String first = parts.get(0);
            String last = parts.get(parts.size() - 1);
            if (parts.size() == 1) {
                return text.equals(first) ? Optional.of(List.of()) : Optional.empty();
            }
            if (!text.startsWith(first) || !text.endsWith(last) || text.length() < first.length() + last.length()) {
                return Optional.empty();
            }
            List<String> all = new ArrayList<>();
            int at = first.length();
            int end = text.length() - last.length();
            for (String part : parts.subList(1, parts.size() - 1)) {
                int next = text.indexOf(part, at);
                if (next < 0 || next + part.length() > end) {
                    return Optional.empty();
                }
                all.add(text.substring(at, next));
                at = next + part.length();
            }
            all.add(text.substring(at, end));
            return Optional.of(all);
        }
    }

    private RefusalTexts(List<Sentence> sentences) {
        this.sentences = sentences;
    }

    static RefusalTexts vietnamese() {
        return VIETNAMESE;
    }

    /** Whether who asks would rather read Vietnamese than English. @param accepted {@code Accept-Language}, or null */
    static boolean areWanted(String accepted) {
        return accepted != null && accepted.strip().toLowerCase(Locale.ROOT).startsWith("vi");
    }

    /** The sentence in Vietnamese, with the same full stop or without one; empty when the file has none such. */
    Optional<String> find(String english) {
        Optional<String> whole = find(english, 1);
        return whole.isPresent() || !english.endsWith(".")
                ? whole
                : find(english.substring(0, english.length() - 1), 1).map(text -> text + ".");
    }

    /** The sentence in Vietnamese, or as it is where the file has none such. */
    String of(String english) {
        return find(english).orElse(english);
    }

    private Optional<String> find(String english, int depth) {
        for (Sentence sentence : sentences) {
            Optional<List<String>> filled = sentence.filled(english);
            if (filled.isPresent()) {
                String text = sentence.vietnamese();
                for (int i = filled.get().size(); i >= 1; i--) {
                    String one = filled.get().get(i - 1);
                    text = text.replace(
                            "{" + i + "}",
                            depth == DEPTH ? one : find(one, depth + 1).orElse(one));
                }
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static RefusalTexts read() {
        List<Sentence> sentences = new ArrayList<>();
        try (InputStream stream = RefusalTexts.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String english = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (english == null) {
                    english = line;
                } else {
                    sentences.add(new Sentence(List.of(english.split("\\{}", -1)), line));
                    english = null;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The one that says most of it itself goes before those that fit by what is filled in.
        sentences.sort(Comparator.comparingInt(Sentence::length).reversed());
        return new RefusalTexts(List.copyOf(sentences));
    }
}
