package city.canopy.core.ingest;

import city.canopy.core.ingest.Batch.Word;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes what devices say of themselves into their rows, in the batch's transaction. */
final class PgDeviceWords {
    private PgDeviceWords() {}

    /** An older word never undoes a newer one; attributes are merged, the limit of a row is 64 KiB. */
    static void write(Connection connection, List<Word> words) throws SQLException {
        if (words.isEmpty()) {
            return;
        }
        List<Word> ordered = new ArrayList<>(words);
        // Sorted by device, so that two partitions never wait for each other; stable, so later words stay later.
        ordered.sort(Comparator.comparing(Word::device));
        try (PreparedStatement online = connection.prepareStatement("update device set online = ?, online_at = ?"
                        + " where id = ? and (online_at is null or online_at <= ?)");
                PreparedStatement attributes =
                        connection.prepareStatement("update device set attributes = attributes || ?::jsonb"
                                + " where id = ? and octet_length((attributes || ?::jsonb)::text) <= 65536")) {
            for (Word word : ordered) {
                if (word.attributes() != null) {
                    attributes.setString(1, word.attributes());
                    attributes.setString(2, word.device().value());
                    attributes.setString(3, word.attributes());
                    attributes.executeUpdate();
                } else {
                    online.setBoolean(1, word.online());
                    online.setObject(2, word.at().atOffset(ZoneOffset.UTC));
                    online.setString(3, word.device().value());
                    online.setObject(4, word.at().atOffset(ZoneOffset.UTC));
                    online.executeUpdate();
                }
            }
        }
    }
}
