package city.canopy.core.announce;

import static city.canopy.core.announce.Outbox.until;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnnouncerTest {
    private Database database;
    private final List<Announced> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Announcer announcer() {
        Announcer announcer = new Announcer(database, Clock.systemUTC());
        announcer.listen("test", heard::add);
        return announcer;
    }

    private List<Long> heardNumbers() {
        return heard.stream().map(Announced::seq).toList();
    }

    @Test
    void aRowThatIsCommittedLaterGetsALaterNumberEvenIfItsIdIsSmaller() throws SQLException {
        try (Announcer announcer = announcer();
                Connection slow = Outbox.open(database)) {
            announcer.start();
            long early = Outbox.write(slow, "ticket.opened", "slow", "{}");
            long late = Outbox.write(database, "ticket.opened", "quick", "{}");
            assertThat(early).isLessThan(late);
            until("the quick one is announced", () -> heard.size() == 1);
            slow.commit();
            until("the slow one is announced", () -> heard.size() == 2);
            assertThat(Outbox.order(database)).containsExactly("quick", "slow");
            assertThat(heard).extracting(Announced::key).containsExactly("quick", "slow");
        }
    }

    @Test
    void whatIsRolledBackLeavesNoGap() throws SQLException {
        try (Announcer announcer = announcer();
                Connection failing = Outbox.open(database)) {
            announcer.start();
            Outbox.write(database, "ticket.opened", "a", "{}");
            Outbox.write(failing, "ticket.opened", "never", "{}");
            failing.rollback();
            Outbox.write(database, "ticket.opened", "b", "{}");
            until("both are announced", () -> heard.size() == 2);
            assertThat(heardNumbers()).containsExactly(1L, 2L);
        }
    }

    @Test
    void whatWasNumberedAndNotHandedOnWhenTheServiceDiedIsReadByThoseWithAMarkAndTheNumbersGoOn() throws SQLException {
        PgOutbox outbox = new PgOutbox();
        try (Announcer dead = announcer()) {
            // Its thread never ran: the numbering below is all that it did before it was killed.
            Outbox.write(database, "ticket.opened", "a", "{\"status\":\"open\"}");
            database.inTransaction(connection -> outbox.stamp(connection, 10));
            assertThat(dead.position()).isZero();
        }
        try (Announcer next = new Announcer(database, Clock.systemUTC());
                EventFeed feed = new EventFeed(database, next)) {
            List<RetainedMessage> published = new CopyOnWriteArrayList<>();
            RetainedState retained = new RetainedState(
                    database,
                    next,
                    (topic, payload) -> published.add(new RetainedMessage(topic, payload)),
                    Clock.systemUTC());
            retained.start();
            next.start();
            until("the retained state has it", () -> published.size() == 1);
            Outbox.write(database, "ticket.opened", "b", "{\"status\":\"open\"}");
            Subscription subscription =
                    feed.subscribe(0L, java.util.Set.of(), () -> {}).orElseThrow();
            Listening listening = new Listening(subscription);
            until("both are heard", () -> listening.drain().size() == 2);
            assertThat(listening.ids()).containsExactly(1L, 2L);
            retained.close();
        }
    }

    @Test
    void manyWritersAreHeardInOneOrderWithoutAGapOrADouble() throws InterruptedException {
        int writers = 6;
        int each = 300;
        try (Announcer announcer = announcer()) {
            announcer.start();
            List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                Thread thread = new Thread(() -> writeWithRollbacks(announcer, writer, each));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            until("all are heard", () -> heard.size() >= writers * each);
            assertThat(heardNumbers())
                    .isEqualTo(LongStream.rangeClosed(1, writers * each).boxed().toList());
            assertThat(heard).extracting(Announced::key).doesNotHaveDuplicates();
        }
    }

    private void writeWithRollbacks(Announcer announcer, int writer, int each) {
        Random random = new Random(writer);
        try (Connection connection = Outbox.open(database)) {
            for (int i = 0; i < each; ) {
                boolean kept = random.nextInt(4) > 0;
                Outbox.write(connection, "ticket.updated", writer + "-" + i, "{}");
                if (kept) {
                    connection.commit();
                    announcer.wake();
                    i++;
                } else {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ofTwoServicesOneNumbersAndBothHearAndWhenItEndsTheOtherTakesOver() {
        List<Announced> second = new CopyOnWriteArrayList<>();
        try (Announcer other = new Announcer(database, Clock.systemUTC())) {
            other.listen("second", second::add);
            try (Announcer announcer = announcer()) {
                announcer.start();
                until("the first leads", announcer::leads);
                other.start();
                for (int i = 0; i < 50; i++) {
                    Outbox.write(database, "ticket.opened", "a" + i, "{}");
                }
                until("both heard all", () -> heard.size() == 50 && second.size() == 50);
                assertThat(other.leads()).isFalse();
            }
            Outbox.write(database, "ticket.opened", "b", "{}");
            until("the second took over", () -> second.size() == 51);
            assertThat(second).extracting(Announced::seq).last().isEqualTo(51L);
        }
    }

    @Test
    void aCutConnectionIsOpenedAnewAndNothingIsHeardTwice() {
        try (Announcer announcer = announcer()) {
            announcer.start();
            Outbox.write(database, "ticket.opened", "a", "{}");
            until("the first is heard", () -> heard.size() == 1);
            database.inTransaction(AnnouncerTest::killTheLeader);
            Outbox.write(database, "ticket.opened", "b", "{}");
            until("the second is heard", () -> heard.size() == 2);
            assertThat(heardNumbers()).containsExactly(1L, 2L);
            until("the trouble is over", () -> announcer.trouble() == null && announcer.leads());
        }
    }

    private static boolean killTheLeader(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(pg_terminate_backend(pid)) from pg_locks"
                        + " where locktype = 'advisory' and granted"
                        + " and database = (select oid from pg_database where datname = current_database())")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            return true;
        }
    }

    @Test
    void aListenerThatFailsIsCountedAndTheOthersHearOn() {
        try (Announcer announcer = new Announcer(database, Clock.systemUTC())) {
            announcer.listen("broken", row -> {
                throw new IllegalStateException("broken on purpose");
            });
            announcer.listen("test", heard::add);
            announcer.start();
            Outbox.write(database, "ticket.opened", "a", "{}");
            Outbox.write(database, "ticket.opened", "b", "{}");
            until("both are heard", () -> heard.size() == 2);
            assertThat(announcer.listenerFailures()).isEqualTo(2);
        }
    }

    @Test
    void trimmingRemovesAPrefixOnlyAndNumbersGoOnAfterTheTableIsEmpty() {
        OutboxTrimmer trimmer = new OutboxTrimmer(database, Clock.systemUTC());
        try (Announcer announcer = announcer()) {
            announcer.start();
            Outbox.write(database, "ticket.opened", "a", "{}");
            Outbox.write(database, "ticket.opened", "b", "{}");
            until("both are heard", () -> heard.size() == 2);
            assertThat(trimmer.trim()).isZero();
            Outbox.age(database, OutboxTrimmer.KEEP.plus(Duration.ofMinutes(1)));
            assertThat(trimmer.trim()).isEqualTo(2);
            Outbox.write(database, "ticket.opened", "c", "{}");
            until("the third is heard", () -> heard.size() == 3);
            assertThat(heardNumbers()).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void whatTheRetainedStateHasNotReadIsNotTrimmed() {
        OutboxTrimmer trimmer = new OutboxTrimmer(database, Clock.systemUTC());
        PgOutbox outbox = new PgOutbox();
        Outbox.write(database, "ticket.opened", "a", "{}");
        Outbox.write(database, "ticket.opened", "b", "{}");
        try (Announcer announcer = announcer()) {
            announcer.start();
            until("both are heard", () -> heard.size() == 2);
        }
        Outbox.age(database, OutboxTrimmer.KEEP.plus(Duration.ofMinutes(1)));
        database.inTransaction(connection -> {
            outbox.setMark(connection, RetainedState.MARK, 1);
            return null;
        });
        assertThat(trimmer.trim()).isEqualTo(1);
        assertThat(trimmer.trim()).isZero();
    }
}
