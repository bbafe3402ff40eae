package city.canopy.core.ingest;

import city.canopy.core.ingest.Batch.Word;
import city.canopy.devices.codec.RefusalCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes what devices say of themselves into their rows, in the batch's transaction. */
final class PgDeviceWords {
    /** Bytes of all attributes of one device. */
    private static final int MOST = 65_536;

    private PgDeviceWords() {}

    /** An older word never undoes a newer one; attributes are merged, and refused where they would be over the limit. */
    static void write(Connection connection, Batch batch) throws SQLException {
        if (batch.words.isEmpty()) {
            return;
        }
        List<Word> ordered = new ArrayList<>(batch.words);
        // Sorted by device, so that two partitions never wait for each other; stable, so later words stay later.
        ordered.sort(Comparator.comparing(Word::device));
        try (PreparedStatement online = connection.prepareStatement("update device set online = ?, online_at = ?"
                        + " where id = ? and (online_at is null or online_at <= ?)");
                PreparedStatement attributes =
                        connection.prepareStatement("update device set attributes = attributes || ?::jsonb"
                                + " where id = ? and octet_length((attributes || ?::jsonb)::text) <= " + MOST)) {
            for (Word word : ordered) {
                if (word.attributes() != null) {
                    attributes.setString(1, word.attributes());
                    attributes.setString(2, word.device().value());
                    attributes.setString(3, word.attributes());
                    if (attributes.executeUpdate() == 0) {
                        batch.refuse(
                                word.message(),
                                RefusalCode.TOO_LARGE,
                                "all attributes of a device together take at most " + MOST + " bytes");
                    }
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
