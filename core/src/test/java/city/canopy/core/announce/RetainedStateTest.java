package city.canopy.core.announce;

import static city.canopy.core.announce.Outbox.until;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetainedStateTest {
    private final List<String> published = new CopyOnWriteArrayList<>();
    private Database database;
    private Announcer announcer;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        announcer = new Announcer(database, Clock.systemUTC());
        announcer.start();
    }

    @AfterEach
    void close() {
        announcer.close();
        database.close();
    }

    private RetainedState retained(Clock clock) {
        RetainedState retained = new RetainedState(database, announcer, this::publish, clock);
        retained.start();
        return retained;
    }

    private void publish(String topic, byte[] payload) {
        published.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
    }

    private void ticket(String id, String status) {
        Outbox.write(database, "ticket.updated", id, "{\"status\":\"" + status + "\"}");
        announcer.wake();
    }

    @Test
    void everyTicketHasItsNewestStateUnderItsTopicForThoseWhoSubscribeLater() {
        try (RetainedState retained = retained(Clock.systemUTC())) {
            ticket("T1", "open");
            ticket("T2", "open");
            Outbox.write(database, "task.done", "X1", "{}");
            ticket("T1", "assigned");
            until("the last is published", () -> published.contains("canopy/v1/tickets/T1 {\"status\": \"assigned\"}"));
            assertThat(retained.list("canopy/v1/tickets/", "", 10))
                    .extracting(
                            RetainedMessage::topic, message -> new String(message.payload(), StandardCharsets.UTF_8))
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("canopy/v1/tickets/T1", "{\"status\": \"assigned\"}"),
                            org.assertj.core.groups.Tuple.tuple("canopy/v1/tickets/T2", "{\"status\": \"open\"}"));
            assertThat(retained.list("canopy/v1/tickets/", "canopy/v1/tickets/T1", 10))
                    .hasSize(1);
            assertThat(published).noneMatch(line -> line.contains("X1"));
        }
    }

    @Test
    void aTicketThatIsDoneIsEmptiedADayLater() {
        try (RetainedState retained = retained(Clock.systemUTC())) {
            ticket("T1", "closed");
            ticket("T2", "resolved");
            until("both are published", () -> published.size() == 2);
            assertThat(retained.list(RetainedState.TICKETS, "", 10)).hasSize(2);
        }
        published.clear();
        Instant tomorrow = Instant.now().plus(RetainedState.KEEP_DONE).plus(Duration.ofMinutes(1));
        try (RetainedState later = retained(Clock.fixed(tomorrow, ZoneOffset.UTC))) {
            until("the closed one is emptied", () -> published.contains("canopy/v1/tickets/T1 "));
            assertThat(later.list(RetainedState.TICKETS, "", 10))
                    .extracting(RetainedMessage::topic)
                    .containsExactly("canopy/v1/tickets/T2");
        }
    }

    @Test
    void whatWasAnnouncedWhileItWasAwayIsReadFromItsMark() {
        try (RetainedState retained = retained(Clock.systemUTC())) {
            ticket("T1", "open");
            until("published", () -> published.size() == 1);
            assertThat(retained.trouble()).isNull();
        }
        ticket("T2", "open");
        until("announced", () -> announcer.position() == 2);
        try (RetainedState again = retained(Clock.systemUTC())) {
            until("published", () -> published.size() == 2);
            assertThat(published).last().asString().startsWith("canopy/v1/tickets/T2");
            assertThat(again.trouble()).isNull();
        }
    }
}
