package city.canopy.core.layers.file;

import city.canopy.geo.export.LayerExtract;
import city.canopy.geo.layer.AttributeKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which column of a GeoPackage's table holds which attribute. SQLite does not tell columns apart by capitals and some
 * names are taken, so a column may be called otherwise than its attribute; {@code gpkg_data_columns} then holds the true
 * name, marked by its description.
 */
final class GeoPackageColumns {
    static final String KEY = "fid";
    static final String GEOMETRY = "geom";
    static final String ID = "id";
    /** Marks the column of the features' ids, and columns whose attribute is called otherwise. */
    static final String IS_ID = "canopy:id";

    static final String IS_ATTRIBUTE = "canopy:attribute";
    /** The most attributes of a table; SQLite itself takes 2,000 columns. */
    static final int MAX = 1_000;

    private static final String JSON = "application/json";

    private GeoPackageColumns() {}

    /** A column and the attribute in it. */
    record Column(String name, String attribute, AttributeKind kind) {
        String type() {
            return switch (kind) {
                case TEXT, MIXED -> "TEXT";
                case NUMBER -> "DOUBLE";
                case WHOLE -> "INTEGER";
                case BOOLEAN -> "BOOLEAN";
            };
        }

        /** Whether readers cannot know by the column alone what stands in it. */
        boolean needsWords() {
            return kind == AttributeKind.MIXED || !name.equals(attribute);
        }

        /** Values of several kinds are written as JSON. */
        String mediaType() {
            return kind == AttributeKind.MIXED ? JSON : null;
        }
    }

    static boolean isJson(String mediaType) {
        return JSON.equals(mediaType);
    }

    /** @throws IOException when there are too many attributes */
    static List<Column> of(LayerExtract extract) throws IOException {
        if (extract.attributes().size() > MAX) {
            throw new IOException("the layer has " + extract.attributes().size()
                    + " attributes and a GeoPackage of ours takes " + MAX + "; export it as GeoJSON");
        }
        Set<String> taken = new HashSet<>(List.of(KEY, GEOMETRY, ID));
        List<Column> columns = new ArrayList<>();
        for (LayerExtract.Attribute attribute : extract.attributes()) {
            String base = attribute.name().isBlank() ? "attribute" : attribute.name();
            String name = base;
            for (int i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
                name = base + "_" + i;
            }
            columns.add(new Column(name, attribute.name(), attribute.kind()));
        }
        return columns;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
