package city.canopy.core.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void migratesFromEmptyAndTheSecondTimeHasNothingToDo() {
        try (Database database = TestDatabase.empty()) {
            assertThat(Migrations.run(database)).isPositive();
            assertThat(Migrations.run(database)).isZero();
        }
    }

    @Test
    void freshDatabasesAreMigratedEmptyAndSeparate() {
        try (Database one = TestDatabase.fresh();
                Database other = TestDatabase.fresh()) {
            put(one, "a", "1");
            assertThat(count(one)).isEqualTo(1);
            assertThat(count(other)).isZero();
        }
    }

    @Test
    void whatIsThrownInATransactionRollsItBack() {
        try (Database database = TestDatabase.fresh()) {
            assertThatThrownBy(() -> database.inTransaction(c -> {
                        insert(c, "a", "1");
                        throw new IllegalStateException("no");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(count(database)).isZero();
        }
    }

    @Test
    void writingInAReadFails() {
        try (Database database = TestDatabase.fresh()) {
            assertThatThrownBy(() -> database.read(c -> {
                        insert(c, "a", "1");
                        return null;
                    }))
                    .isInstanceOf(DatabaseException.class);
            put(database, "a", "1");
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void aViolatedKeyIsTheMessagesFaultAndALostConnectionIsNot() {
        try (Database database = TestDatabase.fresh()) {
            put(database, "a", "1");
            assertThatThrownBy(() -> put(database, "a", "2")).isInstanceOfSatisfying(DatabaseException.class, e -> {
                assertThat(e.sqlState()).isEqualTo("23505");
                assertThat(e.isMessageAtFault()).isTrue();
                assertThat(e.isTransient()).isFalse();
            });
            assertThatThrownBy(() -> database.inTransaction(c -> {
                        try (Statement s = c.createStatement()) {
                            s.execute("select pg_terminate_backend(pg_backend_pid())");
                        }
                        return null;
                    }))
                    .isInstanceOfSatisfying(DatabaseException.class, e -> {
                        assertThat(e.isMessageAtFault()).isFalse();
                        assertThat(e.isTransient()).isTrue();
                    });
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void aConnectionOfOnesOwnCommitsSynchronouslyAndOnlyWhenTold() throws SQLException {
        try (Database database = TestDatabase.fresh();
                Connection c = database.open();
                Statement s = c.createStatement()) {
            try (ResultSet r = s.executeQuery("show synchronous_commit")) {
                r.next();
                assertThat(r.getString(1)).isEqualTo("on");
            }
            insert(c, "a", "1");
            assertThat(count(database)).isZero();
            c.commit();
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void whatBecameOfATransactionIsToldAfterItsConnectionIsGone() throws SQLException {
        try (Database database = TestDatabase.fresh()) {
            long open;
            try (Connection c = database.open()) {
                insert(c, "a", "1");
                open = CommitOutcome.id(c);
                assertThat(CommitOutcome.find(database, open)).isEqualTo(CommitOutcome.IN_PROGRESS);
                c.commit();
            }
            assertThat(CommitOutcome.find(database, open)).isEqualTo(CommitOutcome.COMMITTED);
            try (Connection c = database.open()) {
                insert(c, "b", "1");
                open = CommitOutcome.id(c);
                c.rollback();
            }
            assertThat(CommitOutcome.find(database, open)).isEqualTo(CommitOutcome.ABORTED);
        }
    }

    private static void put(Database database, String name, String value) {
        database.inTransaction(c -> {
            insert(c, name, value);
            return null;
        });
    }

    private static void insert(Connection c, String name, String value) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute("insert into setting (name, value) values ('" + name + "', '" + value + "')");
        }
    }

    private static int count(Database database) {
        return database.read(c -> {
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select count(*) from setting")) {
                r.next();
                return r.getInt(1);
            }
        });
    }
}
