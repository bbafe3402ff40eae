package city.canopy.geo.osm;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import crosby.binary.Fileformat;
import crosby.binary.Osmformat;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** Writes small files in OSM's binary form: one block each of dense nodes, ways and relations. */
final class PbfFile {
    private final List<String> texts = new ArrayList<>(List.of(""));
    private final Osmformat.DenseNodes.Builder dense = Osmformat.DenseNodes.newBuilder();
    private final Osmformat.PrimitiveGroup.Builder ways = Osmformat.PrimitiveGroup.newBuilder();
    private final Osmformat.PrimitiveGroup.Builder relations = Osmformat.PrimitiveGroup.newBuilder();
    private final List<String> required = new ArrayList<>(List.of("OsmSchema-V0.6", "DenseNodes"));
    private long lastId;
    private long lastLon;
    private long lastLat;

    private int text(String text) {
        if (!texts.contains(text)) {
            texts.add(text);
        }
        return texts.indexOf(text);
    }

    /** @param tags keys and values in turn */
    PbfFile node(long id, double lon, double lat, String... tags) {
        long x = Math.round(lon * 1e7);
        long y = Math.round(lat * 1e7);
        dense.addId(id - lastId).addLon(x - lastLon).addLat(y - lastLat);
        for (String tag : tags) {
            dense.addKeysVals(text(tag));
        }
        dense.addKeysVals(0);
        lastId = id;
        lastLon = x;
        lastLat = y;
        return this;
    }

    PbfFile way(long id, long[] nodes, String... tags) {
        Osmformat.Way.Builder way = Osmformat.Way.newBuilder().setId(id);
        for (int i = 0; i < nodes.length; i++) {
            way.addRefs(nodes[i] - (i == 0 ? 0 : nodes[i - 1]));
        }
        for (int i = 0; i < tags.length; i += 2) {
            way.addKeys(text(tags[i])).addVals(text(tags[i + 1]));
        }
        ways.addWays(way);
        return this;
    }

    /** @param members way ids; negative ones are inner */
    PbfFile multipolygon(long id, long[] members, String... tags) {
        Osmformat.Relation.Builder relation =
                Osmformat.Relation.newBuilder().setId(id).addKeys(text("type")).addVals(text("multipolygon"));
        for (int i = 0; i < members.length; i++) {
            relation.addMemids(Math.abs(members[i]) - (i == 0 ? 0 : Math.abs(members[i - 1])))
                    .addTypes(Osmformat.Relation.MemberType.WAY)
                    .addRolesSid(text(members[i] < 0 ? "inner" : "outer"));
        }
        for (int i = 0; i < tags.length; i += 2) {
            relation.addKeys(text(tags[i])).addVals(text(tags[i + 1]));
        }
        relations.addRelations(relation);
        return this;
    }

    PbfFile requires(String feature) {
        required.add(feature);
        return this;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        block(
                out,
                "OSMHeader",
                Osmformat.HeaderBlock.newBuilder()
                        .addAllRequiredFeatures(required)
                        .build());
        Osmformat.StringTable.Builder table = Osmformat.StringTable.newBuilder();
        texts.forEach(text -> table.addS(ByteString.copyFromUtf8(text)));
        for (Osmformat.PrimitiveGroup group : List.of(
                Osmformat.PrimitiveGroup.newBuilder().setDense(dense).build(), ways.build(), relations.build())) {
            block(
                    out,
                    "OSMData",
                    Osmformat.PrimitiveBlock.newBuilder()
                            .setStringtable(table)
                            .addPrimitivegroup(group)
                            .build());
        }
        return out.toByteArray();
    }

    private static void block(ByteArrayOutputStream out, String type, MessageLite message) throws IOException {
        byte[] plain = message.toByteArray();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(plain);
        }
        write(
                out,
                type,
                Fileformat.Blob.newBuilder()
                        .setRawSize(plain.length)
                        .setZlibData(ByteString.copyFrom(packed.toByteArray()))
                        .build());
    }

    static void write(ByteArrayOutputStream out, String type, Fileformat.Blob blob) throws IOException {
        byte[] body = blob.toByteArray();
        byte[] header = Fileformat.BlobHeader.newBuilder()
                .setType(type)
                .setDatasize(body.length)
                .build()
                .toByteArray();
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(header.length);
        data.write(header);
        data.write(body);
    }
}
