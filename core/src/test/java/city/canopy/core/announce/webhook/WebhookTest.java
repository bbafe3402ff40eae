package city.canopy.core.announce.webhook;

import static city.canopy.core.announce.Outbox.until;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.announce.Announcer;
import city.canopy.core.announce.Outbox;
import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookTest {
    private final ShiftingClock clock = new ShiftingClock();
    private Database database;
    private Announcer announcer;
    private Webhooks webhooks;
    private Receiver receiver;

    @BeforeEach
    void open() throws Exception {
        database = TestDatabase.fresh();
        announcer = new Announcer(database, Clock.systemUTC());
        webhooks = new Webhooks(database, clock);
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
        announcer.close();
        database.close();
    }

    private WebhookSender sender(String... allow) {
        WebhookSender sender =
                new WebhookSender(database, announcer, new OutboundRules(List.of(allow)), clock, new Random(7));
        sender.start();
        announcer.start();
        return sender;
    }

    private Webhooks.Created create(URI url, String... kinds) {
        return webhooks.create(url, List.of(kinds)).orElseThrow();
    }

    private void announce(String kind, String... keys) {
        for (String key : keys) {
            Outbox.write(database, kind, key, "{\"id\":\"" + key + "\",\"title\":\"Rác tràn\"}");
        }
        announcer.wake();
    }

    private Webhook state(Webhooks.Created created) {
        return webhooks.find(created.webhook().id()).orElseThrow();
    }

    @Test
    void aCallIsSignedWithTheSecretThatWasShownOnce() {
        Webhooks.Created created = create(receiver.url());
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1");
            until("it arrives", () -> receiver.calls().size() == 1);
            Receiver.Call call = receiver.calls().get(0);
            String time = call.header("Canopy-Signature").replaceAll("t=(\\d+),v1=[0-9a-f]{64}", "$1");
            assertThat(call.header("Canopy-Signature"))
                    .isEqualTo(Signature.of(
                            created.secret(),
                            Instant.ofEpochSecond(Long.parseLong(time)),
                            call.body().getBytes(StandardCharsets.UTF_8)));
            assertThat(call.body()).contains("\"seq\":1", "\"kind\":\"ticket.opened\"", "Rác tràn");
            assertThat(call.header("Canopy-Delivery"))
                    .isEqualTo(created.webhook().id() + "-1");
            until(
                    "it is marked",
                    () -> sender.delivered() == 1 && state(created).waiting() == 0);
            assertThat(created.toString()).doesNotContain(created.secret());
        }
    }

    @Test
    void onlyTheWantedKindsArriveAndInOrder() {
        create(receiver.url(), "ticket");
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1", "T2");
            announce("task.done", "X1");
            announce("ticket.updated", "T3");
            until("all arrive", () -> receiver.calls().size() == 3);
            assertThat(receiver.calls())
                    .extracting(call -> call.body().replaceAll("(?s).*\"id\": \"(\\w+)\".*", "$1"))
                    .containsExactly("T1", "T2", "T3");
            assertThat(sender.failed()).isZero();
        }
    }

    @Test
    void whileOneFailsThoseBehindItWaitAndAllArriveInOrderWhenItIsWellAgain() {
        receiver.answer(503);
        Webhooks.Created created = create(receiver.url());
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1", "T2");
            until("the first fails", () -> sender.failed() == 1 && lastError(created, 1) != null);
            assertThat(lastError(created, 1)).isEqualTo("answered with status 503");
            assertThat(lastError(created, 2)).isNull();
            receiver.answer(200);
            clock.forward(Duration.ofSeconds(10));
            until("both arrive", () -> receiver.calls().size() == 3);
            assertThat(receiver.calls())
                    .extracting(call -> call.header("Canopy-Delivery").replaceAll(".*-", ""))
                    .containsExactly("1", "1", "2");
        }
    }

    private String lastError(Webhooks.Created created, long seq) {
        return webhooks.deliveries(created.webhook().id(), false, null, 10).stream()
                .filter(delivery -> delivery.seq() == seq)
                .findFirst()
                .map(Delivery::lastError)
                .orElse(null);
    }

    @Test
    void afterADayItIsDeadAndCanBeReplayed() {
        receiver.answer(500);
        Webhooks.Created created = create(receiver.url());
        String id = created.webhook().id();
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1");
            until("it fails", () -> sender.failed() == 1 && lastError(created, 1) != null);
            clock.forward(RetrySchedule.GIVE_UP_AFTER.plusMinutes(1));
            until("it is given up", () -> state(created).dead() == 1);
            Delivery dead = webhooks.deliveries(id, true, null, 10).get(0);
            assertThat(dead.lastError()).isEqualTo("given up: answered with status 500");
            int before = receiver.calls().size();
            assertThat(webhooks.replay(id, dead.id() + 1)).isFalse();
            receiver.answer(204);
            assertThat(webhooks.replay(id, dead.id())).isTrue();
            until(
                    "it arrives",
                    () -> receiver.calls().size() == before + 1
                            && state(created).dead() == 0);
            assertThat(webhooks.replayAll(id)).isZero();
        }
    }

    @Test
    void aRedirectIsAFailureAndIsNotFollowed() {
        receiver.redirect("http://127.0.0.1:1/elsewhere");
        Webhooks.Created created = create(receiver.url());
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1");
            until("it fails", () -> sender.failed() == 1 && lastError(created, 1) != null);
            assertThat(lastError(created, 1)).isEqualTo("answered with status 302");
        }
    }

    @Test
    void aHostThatTurnsOutPrivateIsNotCalled() {
        Webhooks.Created created = create(receiver.url());
        try (WebhookSender sender = sender()) {
            announce("ticket.opened", "T1");
            until("it is refused", () -> sender.failed() == 1 && lastError(created, 1) != null);
            assertThat(lastError(created, 1)).contains("not public", "webhooks.allow");
            assertThat(receiver.calls()).isEmpty();
        }
    }

    @Test
    void aPausedOneGetsNothingAndThenAllThatIsKept() {
        Webhooks.Created created = create(receiver.url());
        String id = created.webhook().id();
        webhooks.change(id, null, null, true).orElseThrow();
        Webhooks.Created other = create(receiver.url("/other"));
        try (WebhookSender sender = sender("127.0.0.1")) {
            announce("ticket.opened", "T1", "T2");
            until("the other gets both", () -> sender.delivered() == 2);
            assertThat(receiver.calls()).allMatch(call -> call.path().equals("/other"));
            assertThat(webhooks.change(id, null, null, false).orElseThrow().paused())
                    .isFalse();
            announce("ticket.opened", "T3");
            until("all arrive", () -> receiver.calls().size() == 6);
            assertThat(state(other).seq()).isEqualTo(3);
        }
    }

    @Test
    void twoServicesOnOneDatabaseDeliverEachEventOnce() {
        create(receiver.url());
        try (WebhookSender first = sender("127.0.0.1");
                WebhookSender second = new WebhookSender(
                        database, announcer, new OutboundRules(List.of("127.0.0.1")), clock, new Random(8))) {
            second.start();
            for (int i = 0; i < 100; i++) {
                announce("ticket.opened", "T" + i);
            }
            until("all arrive", () -> first.delivered() + second.delivered() == 100);
            assertThat(receiver.calls())
                    .extracting(call ->
                            Integer.parseInt(call.header("Canopy-Delivery").replaceAll(".*-", "")))
                    .hasSize(100)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aCallWhoseHolderDiedIsMadeAgainWhenItsLeaseIsOver() {
        create(receiver.url());
        PgDeliveries deliveries = new PgDeliveries();
        announce("ticket.opened", "T1");
        announcer.start();
        until("announced", () -> announcer.position() == 1);
        Instant now = clock.instant();
        database.inTransaction(connection -> deliveries.fill(connection, now, 10));
        java.util.Optional<Claim> first =
                database.inTransaction(connection -> deliveries.claim(connection, now, now.plus(WebhookSender.LEASE)));
        assertThat(first).isPresent();
        java.util.Optional<Claim> second =
                database.inTransaction(connection -> deliveries.claim(connection, now, now.plus(WebhookSender.LEASE)));
        assertThat(second).isEmpty();
        clock.forward(WebhookSender.LEASE.plusSeconds(1));
        try (WebhookSender sender =
                new WebhookSender(database, announcer, new OutboundRules(List.of("127.0.0.1")), clock, new Random(9))) {
            sender.start();
            until("it arrives", () -> sender.delivered() == 1);
        }
    }

    @Test
    void theHundredAndFirstIsRefused() {
        for (int i = 0; i < Webhook.MAX; i++) {
            create(receiver.url());
        }
        assertThat(webhooks.create(receiver.url(), List.of())).isEmpty();
        assertThat(webhooks.remove(webhooks.list().get(0).id())).isTrue();
        assertThat(webhooks.create(receiver.url(), List.of())).isPresent();
    }
}
