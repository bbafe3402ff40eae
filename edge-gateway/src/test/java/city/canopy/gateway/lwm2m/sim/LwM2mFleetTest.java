package city.canopy.gateway.lwm2m.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.model.DeviceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crowd at a real gateway. */
class LwM2mFleetTest {
    private static final int PLAIN = 30;
    private static final int DTLS = 5;
    private static final String PLAIN_ONE = "dev-0";
    private static final String DTLS_ONE = "dev-34";
    private static final Instant NOON = Instant.parse("2026-03-01T05:00:00.250Z");

    @TempDir
    private Path dir;

    private FleetWorld world;

    @BeforeEach
    void start() {
        world = new FleetWorld(dir, PLAIN, DTLS, 128 * 1024);
        world.startGateway();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static boolean get(CompletableFuture<Boolean> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<Boolean> send(String device, double value) {
        return world.fleet.send(new DeviceId(device), Map.of("/3303/0/5700", value), NOON);
    }

    private List<CompletableFuture<Boolean>> allSend(double offset) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < PLAIN + DTLS; i++) {
            answers.add(send("dev-" + i, offset + i));
        }
        return answers;
    }

    /** What devices sent, as {@code device payload}; not what they answered. */
    private List<String> sent() {
        return world.kept().stream()
                .map(each -> each.message().device() + " "
                        + new String(each.message().payload(), StandardCharsets.UTF_8))
                .filter(each -> each.contains("\"bt\""))
                .toList();
    }

    private static String payload(int device, double value) {
        return "dev-" + device + " [{\"bt\":1772341200.250,\"n\":\"/3303/0/5700\",\"v\":" + value + "}]";
    }

    @Test
    void whatIsObservedIsNotified() throws Exception {
        assertThat(get(world.startFleet(Duration.ofHours(1)).registered())).isTrue();
        assertThat(get(send(DTLS_ONE, 20.5))).isTrue();
        assertThat(get(send(PLAIN_ONE, 20.5))).isTrue();
        // What is not there yet cannot be observed; it is asked for again at the next registration.
        assertThat(get(world.fleet.registerAnew())).isTrue();
        DeviceId unobserved = new DeviceId(PLAIN_ONE);
        assertThat(get(world.fleet.notify(unobserved, "/3303/0/5601", 20.5, NOON)))
                .isFalse();
        for (String device : List.of(DTLS_ONE, PLAIN_ONE)) {
            FleetWorld.until("it is observed", () -> notified(device));
        }
        FleetWorld.until("both are kept", () -> sent().containsAll(List.of(payload(0, 22.5), payload(34, 22.5))));
    }

    private boolean notified(String device) {
        try {
            return get(world.fleet.notify(new DeviceId(device), "/3303/0/5700", 22.5, NOON));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** CoAP's numbers hold in one DTLS session: the gateway's answer to what was asked in an earlier one never comes. */
    @Test
    void aDeviceThatShakesHandsAgainForWantOfAnAnswerAsksAnew() throws Exception {
        assertThat(get(world.startFleet(Duration.ofHours(1)).registered())).isTrue();
        world.room = new CompletableFuture<>();
        CompletableFuture<Boolean> sent = send(DTLS_ONE, 21.5);
        FleetWorld.until("it is repeated twice", () -> world.fleet.progress().retransmissions() == 2);
        world.room.complete(null);
        assertThat(sent.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sent()).contains(payload(34, 21.5));
    }

    @Test
    void allRegisterAndWhatTheySendIsKept() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        List<CompletableFuture<Boolean>> answers = allSend(20);
        assertThat(get(fleet.registered())).isTrue();
        assertThat(world.gateway.states()).hasSize(PLAIN + DTLS);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < PLAIN + DTLS; i++) {
            assertThat(get(answers.get(i))).as("dev-" + i).isTrue();
            expected.add(payload(i, 20 + i));
        }
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(expected);
        Progress progress = fleet.progress();
        assertThat(progress.registered()).isEqualTo(PLAIN + DTLS);
        assertThat(progress.acknowledged()).isEqualTo(progress.sends()).isEqualTo(PLAIN + DTLS);
        assertThat(progress.refused()).isZero();
    }

    @Test
    void theyAreReadWrittenAndExecuted() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        assertThat(get(fleet.registered())).isTrue();
        for (String device : List.of(PLAIN_ONE, DTLS_ONE)) {
            get(send(device, 21.5));
            assertThat(world.ask(device, Operation.READ, "/3303/0/5700", null).value())
                    .isEqualTo(21.5);
            assertThat(world.ask(device, Operation.WRITE, "/3306/0/5850", true).state())
                    .isEqualTo(State.DONE);
            assertThat(fleet.find(new DeviceId(device), "/3306/0/5850")).contains(true);
            assertThat(world.ask(device, Operation.READ, "/3306/0/5850", null).value())
                    .isEqualTo(true);
            assertThat(world.ask(device, Operation.EXECUTE, "/3/0/4", null).state())
                    .isEqualTo(State.DONE);
            assertThat(world.ask(device, Operation.READ, "/3304/0/5700", null).detail())
                    .contains("404");
        }
        assertThat(fleet.find(new DeviceId("dev-1"), "/3306/0/5850")).isEmpty();
    }

    @Test
    void theyComeBackAfterTheGatewayWasAway() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        assertThat(get(fleet.registered())).isTrue();
        world.stopGateway();
        List<CompletableFuture<Boolean>> answers = allSend(30);
        world.startGateway();
        for (CompletableFuture<Boolean> answer : answers) {
            assertThat(get(answer)).isTrue();
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < PLAIN + DTLS; i++) {
            expected.add(payload(i, 30 + i));
        }
        assertThat(sent()).containsAll(expected);
        assertThat(fleet.progress().retransmissions()).isGreaterThanOrEqualTo(DTLS);
        assertThat(get(fleet.registerAnew())).isTrue();
        assertThat(fleet.progress().registered()).isEqualTo(PLAIN + DTLS);
    }

    @Test
    void whoIsNotKnownAnyMoreRegistersAgainAndSendsOnceMore() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        assertThat(get(fleet.registered())).isTrue();
        world.forget(PLAIN_ONE);
        assertThat(get(send(PLAIN_ONE, 25))).isTrue();
        assertThat(sent()).containsExactly(payload(0, 25));
        assertThat(fleet.progress().registered()).isEqualTo(PLAIN + DTLS);
    }

    @Test
    void aRegistrationIsUpdatedBeforeItEnds() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofSeconds(2));
        assertThat(get(fleet.registered())).isTrue();
        Instant first = world.gateway.find(new DeviceId(DTLS_ONE)).orElseThrow().lastHeard();
        FleetWorld.until(
                "it is heard again",
                () -> world.gateway
                        .find(new DeviceId(DTLS_ONE))
                        .orElseThrow()
                        .lastHeard()
                        .isAfter(first.plusSeconds(1)));
    }

    @Test
    void aSendThatFindsNoRoomIsRefused() throws Exception {
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        assertThat(get(fleet.registered())).isTrue();
        int taken = 0;
        while (get(send(PLAIN_ONE, taken))) {
            taken++;
            assertThat(taken).isLessThan(10_000);
        }
        assertThat(sent()).hasSize(taken);
        assertThat(fleet.progress().refused()).isEqualTo(1);
    }

    @Test
    void onlySoManySendsOfADeviceWait() throws Exception {
        world.stopGateway();
        LwM2mFleet fleet = world.startFleet(Duration.ofMinutes(5));
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i <= SimulatedDevice.MAX_WAITING; i++) {
            answers.add(send(PLAIN_ONE, i));
        }
        assertThat(get(answers.get(SimulatedDevice.MAX_WAITING))).isFalse();
        fleet.close();
        for (CompletableFuture<Boolean> answer : answers) {
            assertThat(get(answer)).isFalse();
        }
        assertThat(get(send(PLAIN_ONE, 0))).isFalse();
        assertThat(get(fleet.registered())).isFalse();
        world.startGateway();
    }

    @Test
    void whatCannotBeSimulatedIsRefused() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Member one = new Member(new DeviceId("a"), Optional.empty(), List.of("/3/0"));
        assertThatThrownBy(() -> new LwM2mFleet(nobody, nobody, List.of(one, one), Duration.ofMinutes(5)))
                .hasMessage("there are two members a");
        assertThatThrownBy(() -> new Member(new DeviceId("a"), Optional.empty(), List.of("/3303")))
                .hasMessageContaining("no object instance");
        assertThat(new Member.Psk("name", "00ff").toString()).doesNotContain("00ff");
        try (LwM2mFleet fleet = new LwM2mFleet(nobody, nobody, List.of(one), Duration.ofMinutes(5))) {
            assertThatThrownBy(() -> fleet.send(new DeviceId("b"), Map.of("/3303/0/5700", 1.0), NOON))
                    .hasMessage("there is no device b in the fleet");
            assertThatThrownBy(() -> fleet.send(one.id(), Map.of("/3303/0/5700", Double.NaN), NOON))
                    .hasMessageContaining("is no reading");
        }
    }
}
