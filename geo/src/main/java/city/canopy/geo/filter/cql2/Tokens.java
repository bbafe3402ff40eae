package city.canopy.geo.filter.cql2;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a CQL2 text. For one thread. */
final class Tokens {
    enum Kind {
        WORD,
        QUOTED,
        TEXT,
        NUMBER,
        SYMBOL,
        END
    }

    /**
     * One word.
     *
     * @param text without its quotes
     * @param from the character at which it begins, counted from 0
     */
    record Token(Kind kind, String text, int from, int to) {
        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }

        String place() {
            return "character " + (from + 1);
        }

        String lower() {
            return text.toLowerCase(Locale.ROOT);
        }

        String shown() {
            return kind == Kind.END ? "the end" : "\"" + text + "\"";
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    Tokens(String text) throws Cql2Exception {
        this.text = text;
        int at = 0;
        while (at < text.length()) {
            if (isBlank(text.charAt(at))) {
                at++;
            } else {
                Token token = read(at);
                tokens.add(token);
                at = token.to();
            }
        }
        tokens.add(new Token(Kind.END, "", text.length(), text.length()));
    }

    private Token read(int at) throws Cql2Exception {
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            return quoted(at, c);
        }
        if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            return number(at);
        }
        if (NameCharacters.begins(c)) {
            int to = at + 1;
            while (to < text.length() && NameCharacters.goesOn(text.charAt(to))) {
                to++;
            }
            return new Token(Kind.WORD, text.substring(at, to), at, to);
        }
        for (String symbol : List.of("<>", "<=", ">=")) {
            if (text.startsWith(symbol, at)) {
                return new Token(Kind.SYMBOL, symbol, at, at + 2);
            }
        }
        if ("=<>+-*/%^(),".indexOf(c) < 0) {
            throw new Cql2Exception("character " + (at + 1), "\"" + c + "\" means nothing here");
        }
        return new Token(Kind.SYMBOL, String.valueOf(c), at, at + 1);
    }

    private Token quoted(int from, char quote) throws Cql2Exception {
        StringBuilder value = new StringBuilder();
        int at = from + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = c == quote && at + 1 < text.length() && text.charAt(at + 1) == quote;
            boolean escaped = c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == quote;
            if (doubled || escaped) {
                value.append(quote);
                at += 2;
            } else if (c == quote) {
                Kind kind = quote == '"' ? Kind.QUOTED : Kind.TEXT;
                return new Token(kind, value.toString(), from, at + 1);
            } else {
                value.append(c);
                at++;
            }
        }
        throw new Cql2Exception("character " + (from + 1), "this " + quote + " has no end");
    }

    private Token number(int from) {
        int to = from;
        while (to < text.length() && (isDigit(text.charAt(to)) || text.charAt(to) == '.')) {
            to++;
        }
        if (to < text.length() && (text.charAt(to) == 'e' || text.charAt(to) == 'E')) {
            int digits = to + 1;
            if (digits < text.length() && "+-".indexOf(text.charAt(digits)) >= 0) {
                digits++;
            }
            if (digits < text.length() && isDigit(text.charAt(digits))) {
                to = digits;
                while (to < text.length() && isDigit(text.charAt(to))) {
                    to++;
                }
            }
        }
        return new Token(Kind.NUMBER, text.substring(from, to), from, to);
    }

    /** Also the spaces that do not break, which come along when a filter is copied from a page. */
    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(next);
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    boolean takeWord(String word) {
        boolean there = peek().isWord(word);
        if (there) {
            take();
        }
        return there;
    }

    boolean takeSymbol(String symbol) {
        boolean there = peek().isSymbol(symbol);
        if (there) {
            take();
        }
        return there;
    }

    void expect(String symbol) throws Cql2Exception {
        if (!takeSymbol(symbol)) {
            throw new Cql2Exception(peek().place(), "expected is \"" + symbol + "\", not " + peek().shown());
        }
    }

    /** From a word on to the parenthesis that closes the one after it; all of it is taken. */
    String takeThroughParentheses() throws Cql2Exception {
        int from = peek().from();
        int depth = 0;
        while (peek().kind() != Kind.END) {
            Token token = take();
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 && token.isSymbol(")")) {
                return text.substring(from, token.to());
            }
        }
        throw new Cql2Exception("character " + (from + 1), "this geometry has no end");
    }
}
