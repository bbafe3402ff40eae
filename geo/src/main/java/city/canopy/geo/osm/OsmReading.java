package city.canopy.geo.osm;

import city.canopy.geo.file.FileSink;
import city.canopy.geo.file.OsmTags;
import city.canopy.geo.file.SourceFeature;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerProblem.Cause;
import crosby.binary.Osmformat;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;

/**
 * The reading of one file in three passes: relations, to know which ways they need; ways, to know which nodes these go
 * through; nodes, which are handed on at once where they are wanted themselves. Then ways and relations are built. Used once.
 *
 * <p>Limits: {@value NodePlaces#MAX} nodes of ways, {@value #MAX_WAYS} ways and {@value #MAX_RELATIONS} relations.
 */
final class OsmReading {
    static final int MAX_WAYS = 2_000_000;
    static final int MAX_RELATIONS = 200_000;
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final double NANO = 1e-9;

    private final PbfBlocks blocks;
    private final OsmTags wanted;
    private final FileSink sink;
    private final NodePlaces places = new NodePlaces();
    private final Set<Long> members = new HashSet<>();
    private final Map<Long, Way> ways = new LinkedHashMap<>();
    private final Map<Long, Relation> relations = new LinkedHashMap<>();
    private int number;

    /** @param tags null where the way only is part of a relation */
    private record Way(Map<String, Object> tags, long[] nodes) {}

    private record Relation(Map<String, Object> tags, long[] ways, boolean[] inner) {}

    OsmReading(PbfBlocks blocks, OsmTags wanted, FileSink sink) {
        this.blocks = blocks;
        this.wanted = wanted;
        this.sink = sink;
    }

    void read() throws IOException {
        blocks.forEach(this::takeRelations);
        blocks.forEach(this::takeWays);
        places.ready();
        blocks.forEach(this::takeNodes);
        for (Map.Entry<Long, Way> way : ways.entrySet()) {
            if (way.getValue().tags() != null) {
                build(way.getKey(), way.getValue());
            }
        }
        for (Map.Entry<Long, Relation> relation : relations.entrySet()) {
            build(relation.getKey(), relation.getValue());
        }
    }

    private void takeRelations(Osmformat.PrimitiveBlock block) throws IOException {
        Texts texts = new Texts(block.getStringtable());
        for (Osmformat.PrimitiveGroup group : block.getPrimitivegroupList()) {
            for (Osmformat.Relation relation : group.getRelationsList()) {
                Map<String, Object> tags = texts.tags(relation.getKeysList(), relation.getValsList());
                if ("multipolygon".equals(tags.get("type")) && wanted.take(tags)) {
                    tags.remove("type");
                    if (relations.size() == MAX_RELATIONS) {
                        throw new IOException("there are more than " + MAX_RELATIONS + " wanted relations; cut out a"
                                + " smaller area");
                    }
                    relations.put(relation.getId(), relation(relation, tags, texts));
                }
            }
        }
    }

    private Relation relation(Osmformat.Relation relation, Map<String, Object> tags, Texts texts) {
        int n = Math.min(relation.getMemidsCount(), Math.min(relation.getTypesCount(), relation.getRolesSidCount()));
        long[] ids = new long[n];
        boolean[] inner = new boolean[n];
        int count = 0;
        long id = 0;
        for (int i = 0; i < n; i++) {
            id += relation.getMemids(i);
            if (relation.getTypes(i) == Osmformat.Relation.MemberType.WAY) {
                ids[count] = id;
                inner[count++] = texts.get(relation.getRolesSid(i)).equals("inner");
                members.add(id);
            }
        }
        return new Relation(tags, java.util.Arrays.copyOf(ids, count), java.util.Arrays.copyOf(inner, count));
    }

    private void takeWays(Osmformat.PrimitiveBlock block) throws IOException {
        Texts texts = new Texts(block.getStringtable());
        for (Osmformat.PrimitiveGroup group : block.getPrimitivegroupList()) {
            for (Osmformat.Way way : group.getWaysList()) {
                Map<String, Object> tags = texts.tags(way.getKeysList(), way.getValsList());
                boolean itself = wanted.take(tags);
                if (itself || members.contains(way.getId())) {
                    if (ways.size() == MAX_WAYS) {
                        throw new IOException(
                                "there are more than " + MAX_WAYS + " wanted ways; cut out a smaller area");
                    }
                    ways.put(way.getId(), new Way(itself ? tags : null, nodes(way)));
                }
            }
        }
    }

    private long[] nodes(Osmformat.Way way) throws IOException {
        long[] nodes = new long[way.getRefsCount()];
        long id = 0;
        for (int i = 0; i < nodes.length; i++) {
            id += way.getRefs(i);
            nodes[i] = id;
            places.want(id);
        }
        return nodes;
    }

    private void takeNodes(Osmformat.PrimitiveBlock block) throws IOException {
        Texts texts = new Texts(block.getStringtable());
        for (Osmformat.PrimitiveGroup group : block.getPrimitivegroupList()) {
            for (Osmformat.Node node : group.getNodesList()) {
                node(
                        block,
                        node.getId(),
                        node.getLon(),
                        node.getLat(),
                        texts.tags(node.getKeysList(), node.getValsList()));
            }
            if (group.hasDense()) {
                dense(block, group.getDense(), texts);
            }
        }
    }

    private void dense(Osmformat.PrimitiveBlock block, Osmformat.DenseNodes nodes, Texts texts) throws IOException {
        long id = 0;
        long lon = 0;
        long lat = 0;
        int tag = 0;
        for (int i = 0; i < nodes.getIdCount(); i++) {
            id += nodes.getId(i);
            lon += nodes.getLon(i);
            lat += nodes.getLat(i);
            Map<String, Object> tags = new LinkedHashMap<>();
            while (tag < nodes.getKeysValsCount() && nodes.getKeysVals(tag) != 0) {
                tags.put(texts.get(nodes.getKeysVals(tag)), texts.get(nodes.getKeysVals(tag + 1)));
                tag += 2;
            }
            tag++;
            node(block, id, lon, lat, tags);
        }
    }

    private void node(Osmformat.PrimitiveBlock block, long id, long lon, long lat, Map<String, Object> tags)
            throws IOException {
        double x = NANO * (block.getLonOffset() + (double) block.getGranularity() * lon);
        double y = NANO * (block.getLatOffset() + (double) block.getGranularity() * lat);
        places.found(id, x, y);
        if (wanted.take(tags)) {
            // OSM has seven decimals; the rest is what binary arithmetic adds.
            Coordinate place = new Coordinate(Math.rint(x * 1e7) / 1e7, Math.rint(y * 1e7) / 1e7);
            sink.accept(new SourceFeature(++number, "n" + id, GEOMETRIES.createPoint(place), tags));
        }
    }

    private void build(long id, Way way) throws IOException {
        Coordinate[] line = line(way);
        number++;
        if (line == null || line.length < 2) {
            refuse("w" + id, line == null ? "a node of it is not in the file" : "it has fewer than two nodes");
            return;
        }
        boolean closed = way.nodes()[0] == way.nodes()[line.length - 1] && line.length >= 4;
        Geometry shape = closed && wanted.areas() ? GEOMETRIES.createPolygon(line) : GEOMETRIES.createLineString(line);
        sink.accept(new SourceFeature(number, "w" + id, shape, way.tags()));
    }

    /** Null where the file lacks a node. */
    private Coordinate[] line(Way way) {
        Coordinate[] line = new Coordinate[way.nodes().length];
        for (int i = 0; i < line.length; i++) {
            line[i] = places.at(way.nodes()[i]);
            if (line[i] == null) {
                return null;
            }
        }
        return line;
    }

    private void build(long id, Relation relation) throws IOException {
        number++;
        RelationRings rings = new RelationRings();
        for (int i = 0; i < relation.ways().length; i++) {
            Way way = ways.get(relation.ways()[i]);
            Coordinate[] line = way == null ? null : line(way);
            if (line == null || line.length < 2) {
                refuse("r" + id, "its way " + relation.ways()[i] + " is not whole in the file");
                return;
            }
            LineString part = GEOMETRIES.createLineString(line);
            rings.add(part, relation.inner()[i]);
        }
        Geometry shape = rings.shape();
        if (shape == null) {
            refuse("r" + id, "its ways make no closed rings");
        } else {
            sink.accept(new SourceFeature(number, "r" + id, shape, relation.tags()));
        }
    }

    private void refuse(String id, String why) {
        sink.problem(new LayerProblem("feature " + number + " (id " + id + ")", Cause.BAD_GEOMETRY, why));
    }

    /** The texts of a block. */
    private static final class Texts {
        private final Osmformat.StringTable table;
        private final Map<Integer, String> known = new HashMap<>();

        Texts(Osmformat.StringTable table) {
            this.table = table;
        }

        String get(int at) {
            return known.computeIfAbsent(at, i -> table.getS(i).toStringUtf8());
        }

        Map<String, Object> tags(List<Integer> keys, List<Integer> values) {
            Map<String, Object> tags = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                tags.put(get(keys.get(i)), get(values.get(i)));
            }
            return tags;
        }
    }
}
