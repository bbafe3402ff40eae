package city.canopy.geo.file;

import city.canopy.geo.file.FeatureCheck.Wrong;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;

/**
 * KML 2.2: the placemarks of a file with name, description and extended data; longitude and latitude on WGS 84. Styles,
 * overlays and links are read over. No document type and no entity of an own is taken. Of a {@code .kmz} its
 * {@code doc.kml} is read, or the only one.
 */
final class KmlFormat implements LayerFormat {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final int MAX_TEXT = 16 << 20;
    private static final int MAX_DEPTH = 64;

    @Override
    public String name() {
        return "kml";
    }

    @Override
    public Iterable<String> endings() {
        return List.of("kml", "kmz");
    }

    @Override
    public void read(Path file, FormatOptions options, FileSink sink) throws IOException {
        if (!file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".kmz")) {
            read(file, sink);
            return;
        }
        try (UnpackedZip zip = UnpackedZip.of(file, Set.of("kml"))) {
            Optional<String> main = zip.holds("doc.kml") ? Optional.of("doc") : Optional.empty();
            read(zip.only(".kml", options.table().or(() -> main), " holds no .kml; export it again"), sink);
        }
    }

    private static void read(Path file, FileSink sink) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            sink.declared("EPSG:4326");
            int number = 0;
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("Placemark")) {
                    new Placemark(xml, ++number, sink).read();
                }
            }
            xml.close();
        } catch (XMLStreamException e) {
            String where =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNumber() + ": ";
            throw new IOException(file.getFileName() + " is no KML that can be read: " + where
                    + e.getMessage().replaceAll("\\s+", " ").replaceFirst("^ParseError at .* Message: ", ""));
        }
    }

    /** A ring, a line or a point that cannot be. */
    private static final class BadShape extends Exception {
        private static final long serialVersionUID = 1L;

        BadShape(String message) {
            super(message);
        }
    }

    /** The reading of one placemark. */
    private static final class Placemark {
        private final XMLStreamReader xml;
        private final int number;
        private final FileSink sink;
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private final List<Geometry> shapes = new ArrayList<>();
        private String id;
        private Wrong problem;
        private int vertices;

        Placemark(XMLStreamReader xml, int number, FileSink sink) {
            this.xml = xml;
            this.number = number;
            this.sink = sink;
        }

        void read() throws XMLStreamException, IOException {
            id = xml.getAttributeValue(null, "id");
            for (int depth = 1; depth > 0; ) {
                int event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.START_ELEMENT && !take(xml.getLocalName())) {
                    depth++;
                    if (depth > MAX_DEPTH) {
                        throw new XMLStreamException("nested deeper than " + MAX_DEPTH + " levels", xml.getLocation());
                    }
                }
            }
            if (problem != null) {
                sink.problem(new LayerProblem("feature " + number, problem.cause(), problem.detail()));
                return;
            }
            Geometry geometry =
                    shapes.isEmpty() ? null : shapes.size() == 1 ? shapes.get(0) : GEOMETRIES.buildGeometry(shapes);
            sink.accept(new SourceFeature(number, id, geometry, properties));
        }

        /** Reads an element whole, and says so; false where its children are to be looked at. */
        private boolean take(String element) throws XMLStreamException {
            switch (element) {
                case "name", "description" -> property(element, text());
                case "SimpleData" -> property(xml.getAttributeValue(null, "name"), text());
                case "Data" -> data(xml.getAttributeValue(null, "name"));
                case "Point", "LineString", "LinearRing", "Polygon" -> shape(element);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void data(String name) throws XMLStreamException {
            for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
                if (event == XMLStreamConstants.START_ELEMENT) {
                    String text = text();
                    if (xml.getLocalName().equals("value")) {
                        property(name, text);
                    }
                }
            }
        }

        private void property(String name, String text) {
            if (name != null && !name.isBlank() && !text.isBlank()) {
                properties.put(name, text.strip());
            }
        }

        private String text() throws XMLStreamException {
            StringBuilder text = new StringBuilder();
            for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
                if (event == XMLStreamConstants.START_ELEMENT) {
                    throw new XMLStreamException("an element stands where text belongs", xml.getLocation());
                }
                if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                    if (text.length() + xml.getTextLength() > MAX_TEXT) {
                        throw new XMLStreamException("a text of more than 16 MiB", xml.getLocation());
                    }
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                }
            }
            return text.toString();
        }

        private void shape(String kind) throws XMLStreamException {
            List<Coordinate[]> rings = new ArrayList<>();
            for (int depth = 1; depth > 0; ) {
                int event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.START_ELEMENT) {
                    if (xml.getLocalName().equals("coordinates")) {
                        coordinates(text(), rings);
                    } else {
                        depth++;
                    }
                }
            }
            try {
                if (problem == null) {
                    shapes.add(shape(kind, rings));
                }
            } catch (BadShape | IllegalArgumentException e) {
                problem = new Wrong(Cause.BAD_COORDINATES, e.getMessage());
            }
        }

        private void coordinates(String text, List<Coordinate[]> rings) {
            List<Coordinate> positions = new ArrayList<>();
            for (StringTokenizer each = new StringTokenizer(text); problem == null && each.hasMoreTokens(); ) {
                String position = each.nextToken();
                if (++vertices > LayerImport.MAX_VERTICES) {
                    problem = new Wrong(
                            Cause.TOO_MANY_VERTICES, "it has more than " + LayerImport.MAX_VERTICES + " vertices");
                    return;
                }
                String[] parts = position.split(",", 4);
                try {
                    positions.add(new Coordinate(
                            Double.parseDouble(parts[0]),
                            Double.parseDouble(parts[1]),
                            parts.length > 2 ? Double.parseDouble(parts[2]) : Double.NaN));
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                    String start = position.substring(0, Math.min(60, position.length()));
                    problem = new Wrong(Cause.BAD_COORDINATES, "\"" + start + "\" is no position");
                }
            }
            rings.add(positions.toArray(new Coordinate[0]));
        }

        private static Geometry shape(String kind, List<Coordinate[]> rings) throws BadShape {
            if (rings.isEmpty() || rings.get(0).length == 0) {
                throw new BadShape("a " + kind + " has no coordinates");
            }
            return switch (kind) {
                case "Point" -> GEOMETRIES.createPoint(rings.get(0)[0]);
                case "LineString", "LinearRing" -> GEOMETRIES.createLineString(rings.get(0));
                default ->
                    GEOMETRIES.createPolygon(
                            GEOMETRIES.createLinearRing(rings.get(0)),
                            rings.subList(1, rings.size()).stream()
                                    .map(GEOMETRIES::createLinearRing)
                                    .toArray(LinearRing[]::new));
            };
        }
    }
}
