package city.canopy.geo.filter.cql2;

import city.canopy.geo.layer.JsonFault;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads CQL2 JSON. Stateless. */
final class JsonReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2 * Cql2Filter.MAX_DEPTH + 20)
                    .build())
            .build();

    private JsonReader() {}

    static Term read(String json) throws Cql2Exception {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            Object tree = tree(parser);
            if (parser.nextToken() != null) {
                throw new Cql2Exception("the end", "something follows after the filter");
            }
            return term(tree, "", 1);
        } catch (JsonProcessingException e) {
            JsonFault fault = JsonFault.of(e);
            throw new Cql2Exception(fault.place(), "this is no JSON: " + fault.words());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Maps, lists, texts, doubles, booleans and null. */
    private static Object tree(JsonParser parser) throws IOException, Cql2Exception {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new Cql2Exception("the end", "the filter is empty");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, tree(parser));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(tree(parser));
                }
                return list;
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return parser.getDoubleValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return token == JsonToken.VALUE_TRUE;
            }
            default -> {
                return null;
            }
        }
    }

    private static Term term(Object json, String place, int depth) throws Cql2Exception {
        if (depth > Cql2Filter.MAX_DEPTH) {
            throw new Cql2Exception(shown(place), "nested deeper than " + Cql2Filter.MAX_DEPTH + " levels");
        }
        if (json instanceof String text) {
            return new Term.Text(text, shown(place));
        } else if (json instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw new Cql2Exception(shown(place), "this number is too large");
            }
            return new Term.Number(number, shown(place));
        } else if (json instanceof Boolean flag) {
            return new Term.Flag(flag, shown(place));
        } else if (json instanceof List<?> list) {
            return new Term.Items(terms(list, place, depth), shown(place));
        } else if (json instanceof Map<?, ?> map) {
            return object(map, place, depth);
        }
        throw new Cql2Exception(shown(place), "null means nothing here: use the operator isNull");
    }

    private static List<Term> terms(List<?> list, String place, int depth) throws Cql2Exception {
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            terms.add(term(list.get(i), place + "/" + i, depth + 1));
        }
        return terms;
    }

    private static Term object(Map<?, ?> map, String place, int depth) throws Cql2Exception {
        if (map.get("op") instanceof String op) {
            if (!(map.get("args") instanceof List<?> args)) {
                throw new Cql2Exception(shown(place), "the operator \"" + op + "\" needs a list \"args\"");
            }
            return new Term.Op(op.toLowerCase(Locale.ROOT), terms(args, place + "/args", depth), shown(place));
        } else if (map.get("property") instanceof String property) {
            return new Term.Property(property, shown(place));
        } else if (map.size() == 1 && (map.containsKey("casei") || map.containsKey("accenti"))) {
            // Clause 7 of the standard has its examples in this form, the schema the one with op and args.
            String name = String.valueOf(map.keySet().iterator().next());
            List<Term> one = List.of(term(map.get(name), place + "/" + name, depth + 1));
            return new Term.Op(name, one, shown(place));
        } else if (map.get("date") instanceof String date) {
            return new Term.Moment(date, shown(place));
        } else if (map.get("timestamp") instanceof String timestamp) {
            return new Term.Moment(timestamp, shown(place));
        } else if (map.get("interval") instanceof List<?> ends && ends.size() == 2) {
            List<Term> both = terms(ends, place + "/interval", depth);
            return new Term.Interval(both.get(0), both.get(1), shown(place));
        } else if (map.get("bbox") instanceof List<?> numbers) {
            return new Term.Box(Shapes.box(numbers(numbers, place), shown(place)), shown(place));
        } else if (map.get("type") instanceof String) {
            return new Term.Shape(Shapes.of(map, shown(place)), shown(place));
        }
        throw new Cql2Exception(
                shown(place), "expected is an object with op and args, property, date, timestamp, interval or bbox");
    }

    private static double[] numbers(List<?> list, String place) throws Cql2Exception {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Double number)) {
                throw new Cql2Exception(shown(place), "a box is made of numbers");
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private static String shown(String place) {
        return place.isEmpty() ? "the filter's beginning" : place;
    }
}
