package city.canopy.core.photos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of {@code photo}. Every method works in the caller's transaction. */
public final class PgPhotos {
    private PgPhotos() {}

    public static void insert(Connection c, Photo photo, Developed.Ready pixels) throws SQLException {
        try (PreparedStatement insert = c.prepareStatement("insert into photo (id, ticket, width, height, taken_at,"
                + " added_at, added_by, image, thumb) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, photo.id());
            insert.setString(2, photo.ticket());
            insert.setInt(3, photo.width());
            insert.setInt(4, photo.height());
            insert.setObject(
                    5, photo.takenAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null));
            insert.setObject(6, photo.addedAt().atOffset(ZoneOffset.UTC));
            insert.setString(7, photo.addedBy());
            insert.setBytes(8, pixels.image());
            insert.setBytes(9, pixels.thumb());
            insert.executeUpdate();
        }
    }

    /** The photos of tickets, by ticket, each list in the order in which they came; a ticket without any is left out. */
    public static Map<String, List<Photo>> list(Connection c, Collection<String> tickets) throws SQLException {
        Map<String, List<Photo>> photos = new HashMap<>();
        if (tickets.isEmpty()) {
            return photos;
        }
        try (PreparedStatement select =
                c.prepareStatement("select id, ticket, width, height, taken_at, added_at, added_by from photo"
                        + " where ticket = any(?) order by ticket, id")) {
            select.setArray(1, c.createArrayOf("text", tickets.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    photos.computeIfAbsent(rows.getString(2), ticket -> new ArrayList<>())
                            .add(photo(rows));
                }
            }
        }
        return photos;
    }

    private static Photo photo(ResultSet rows) throws SQLException {
        return new Photo(
                rows.getString(1),
                rows.getString(2),
                rows.getInt(3),
                rows.getInt(4),
                Optional.ofNullable(rows.getObject(5, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                rows.getObject(6, OffsetDateTime.class).toInstant(),
                rows.getString(7));
    }

    /** The JPEG of a photo, or its small form. */
    public static Optional<byte[]> find(Connection c, String id, boolean thumb) throws SQLException {
        try (PreparedStatement select =
                c.prepareStatement("select " + (thumb ? "thumb" : "image") + " from photo where id = ?")) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        }
    }
}
