package city.canopy.geo.filter.cql2;

import city.canopy.geo.filter.cql2.Tokens.Kind;
import city.canopy.geo.filter.cql2.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** Reads CQL2 text. For one thread and one text. */
final class TextReader {
    private static final Set<String> SHAPES = Set.of(
            "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection");

    private final Tokens tokens;
    private int depth;

    TextReader(String text) throws Cql2Exception {
        this.tokens = new Tokens(text);
    }

    Term read() throws Cql2Exception {
        Term term = or();
        if (tokens.peek().kind() != Kind.END) {
            throw new Cql2Exception(
                    tokens.peek().place(),
                    "expected is AND, OR or the end, not " + tokens.peek().shown());
        }
        return term;
    }

    private Term or() throws Cql2Exception {
        if (++depth > Cql2Filter.MAX_DEPTH) {
            throw new Cql2Exception(tokens.peek().place(), "nested deeper than " + Cql2Filter.MAX_DEPTH + " levels");
        }
        String place = tokens.peek().place();
        List<Term> parts = new ArrayList<>(List.of(and()));
        while (tokens.takeWord("or")) {
            parts.add(and());
        }
        depth--;
        return parts.size() == 1 ? parts.get(0) : new Term.Op("or", parts, place);
    }

    private Term and() throws Cql2Exception {
        String place = tokens.peek().place();
        List<Term> parts = new ArrayList<>(List.of(not()));
        while (tokens.takeWord("and")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.get(0) : new Term.Op("and", parts, place);
    }

    private Term not() throws Cql2Exception {
        String place = tokens.peek().place();
        boolean negated = false;
        while (tokens.takeWord("not")) {
            negated = !negated;
        }
        Term term = comparison();
        return negated ? new Term.Op("not", List.of(term), place) : term;
    }

    private Term comparison() throws Cql2Exception {
        Term left = sum();
        Token token = tokens.peek();
        if (token.kind() == Kind.SYMBOL
                && Set.of("=", "<>", "<", ">", "<=", ">=").contains(token.text())) {
            tokens.take();
            return new Term.Op(token.text(), List.of(left, sum()), token.place());
        }
        if (tokens.takeWord("is")) {
            boolean negated = tokens.takeWord("not");
            if (!tokens.takeWord("null")) {
                throw new Cql2Exception(tokens.peek().place(), "expected is NULL");
            }
            return negated(negated, new Term.Op("isnull", List.of(left), token.place()));
        }
        boolean negated = token.isWord("not") && tokens.takeWord("not");
        Token word = tokens.peek();
        if (tokens.takeWord("like")) {
            return negated(negated, new Term.Op("like", List.of(left, sum()), word.place()));
        } else if (tokens.takeWord("between")) {
            Term low = sum();
            if (!tokens.takeWord("and")) {
                throw new Cql2Exception(tokens.peek().place(), "expected is AND and the upper bound");
            }
            return negated(negated, new Term.Op("between", List.of(left, low, sum()), word.place()));
        } else if (tokens.takeWord("in")) {
            return negated(negated, new Term.Op("in", List.of(left, items()), word.place()));
        } else if (negated) {
            throw new Cql2Exception(word.place(), "expected is LIKE, BETWEEN or IN after NOT");
        }
        return left;
    }

    private static Term negated(boolean negated, Term.Op op) {
        return negated ? new Term.Op("not", List.of(op), op.place()) : op;
    }

    private Term items() throws Cql2Exception {
        String place = tokens.peek().place();
        tokens.expect("(");
        return new Term.Items(arguments(), place);
    }

    /** Up to and with the closing parenthesis. */
    private List<Term> arguments() throws Cql2Exception {
        List<Term> all = new ArrayList<>();
        if (tokens.takeSymbol(")")) {
            return all;
        }
        do {
            all.add(sum());
        } while (tokens.takeSymbol(","));
        tokens.expect(")");
        return all;
    }

    private Term sum() throws Cql2Exception {
        Term left = product();
        for (Token token = tokens.peek(); token.isSymbol("+") || token.isSymbol("-"); token = tokens.peek()) {
            tokens.take();
            left = new Term.Op(token.text(), List.of(left, product()), token.place());
        }
        return left;
    }

    private Term product() throws Cql2Exception {
        Term left = power();
        for (Token token = tokens.peek();
                token.isSymbol("*") || token.isSymbol("/") || token.isSymbol("%") || token.isWord("div");
                token = tokens.peek()) {
            tokens.take();
            left = new Term.Op(token.lower(), List.of(left, power()), token.place());
        }
        return left;
    }

    private Term power() throws Cql2Exception {
        Term base = signed();
        Token token = tokens.peek();
        return tokens.takeSymbol("^") ? new Term.Op("^", List.of(base, signed()), token.place()) : base;
    }

    private Term signed() throws Cql2Exception {
        Token token = tokens.peek();
        boolean minus = false;
        while (tokens.peek().isSymbol("-") || tokens.peek().isSymbol("+")) {
            minus ^= tokens.take().isSymbol("-");
        }
        Term value = primary();
        if (!minus) {
            return value;
        }
        return value instanceof Term.Number number
                ? new Term.Number(-number.value(), token.place())
                : new Term.Op("-", List.of(new Term.Number(0, token.place()), value), token.place());
    }

    private Term primary() throws Cql2Exception {
        Token token = tokens.peek();
        switch (token.kind()) {
            case TEXT -> {
                tokens.take();
                return new Term.Text(token.text(), token.place());
            }
            case QUOTED -> {
                tokens.take();
                return new Term.Property(token.text(), token.place());
            }
            case NUMBER -> {
                tokens.take();
                return number(token);
            }
            case WORD -> {
                return word(token);
            }
            default -> {
                if (tokens.takeSymbol("(")) {
                    Term inner = or();
                    tokens.expect(")");
                    return inner;
                }
                throw new Cql2Exception(
                        token.place(), "expected is a property, a value, a function or (, not " + token.shown());
            }
        }
    }

    private static Term number(Token token) throws Cql2Exception {
        try {
            double value = Double.parseDouble(token.text());
            if (Double.isFinite(value)) {
                return new Term.Number(value, token.place());
            }
        } catch (NumberFormatException e) {
            throw new Cql2Exception(token.place(), token.shown() + " is no number");
        }
        throw new Cql2Exception(token.place(), token.shown() + " is too large");
    }

    private Term word(Token token) throws Cql2Exception {
        String name = token.lower();
        Token second = tokens.peekSecond();
        if (SHAPES.contains(name) && (second.isSymbol("(") || second.isWord("z"))) {
            return shape(token);
        }
        tokens.take();
        if (name.equals("true") || name.equals("false")) {
            return new Term.Flag(name.equals("true"), token.place());
        }
        if (!tokens.takeSymbol("(")) {
            return new Term.Property(token.text(), token.place());
        }
        if (++depth > Cql2Filter.MAX_DEPTH) {
            throw new Cql2Exception(token.place(), "nested deeper than " + Cql2Filter.MAX_DEPTH + " levels");
        }
        List<Term> arguments = arguments();
        depth--;
        return switch (name) {
            case "date", "timestamp" -> moment(token, arguments);
            case "interval" -> interval(token, arguments);
            case "bbox" -> new Term.Box(Shapes.box(numbers(token, arguments), token.place()), token.place());
            default -> new Term.Op(name, arguments, token.place());
        };
    }

    private Term shape(Token token) throws Cql2Exception {
        try {
            Geometry geometry = new WKTReader().read(tokens.takeThroughParentheses());
            return new Term.Shape(geometry, token.place());
        } catch (ParseException | IllegalArgumentException e) {
            throw new Cql2Exception(token.place(), "this geometry cannot be read: " + e.getMessage());
        }
    }

    private static Term moment(Token token, List<Term> arguments) throws Cql2Exception {
        if (arguments.size() == 1 && arguments.get(0) instanceof Term.Text text) {
            return new Term.Moment(text.value(), token.place());
        }
        throw new Cql2Exception(token.place(), "write for instance DATE('2025-07-01')");
    }

    private static Term interval(Token token, List<Term> arguments) throws Cql2Exception {
        if (arguments.size() != 2) {
            throw new Cql2Exception(token.place(), "write for instance INTERVAL('2025-07-01','..')");
        }
        return new Term.Interval(arguments.get(0), arguments.get(1), token.place());
    }

    private static double[] numbers(Token token, List<Term> arguments) throws Cql2Exception {
        double[] numbers = new double[arguments.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(arguments.get(i) instanceof Term.Number number)) {
                throw new Cql2Exception(token.place(), "BBOX takes four or six numbers");
            }
            numbers[i] = number.value();
        }
        return numbers;
    }
}
