package city.canopy.gateway.lwm2m;

import static city.canopy.gateway.lwm2m.LwM2mWorld.seen;
import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.envelope.Observation;
import city.canopy.gateway.store.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a profile observes comes in, also over restarts. */
class ObserveTest {
    private final LwM2mWorld world = new LwM2mWorld();
    private final Sensor first = new Sensor(0, Map.of(5700, 21.5, 5701, "Cel"));
    private final Sensor second = new Sensor(1, Map.of(5700, 22.5, 5701, "Cel"));

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void anObjectIsObservedWithBothItsProbes() throws Exception {
        world.device("probe", "probe")
                .observe("probe", seen("/3303"), seen("/3331"))
                .start();
        world.add(device()).registered();
        assertThat(LwM2mWorld.readings(world.store.next()))
                .containsExactly("air_temperature.1=22.5", "air_temperature=21.5");
        second.set(5700, 23.5);
        assertThat(LwM2mWorld.readings(world.store.next()))
                .containsExactly("air_temperature.1=23.5", "air_temperature=21.5");
        LwM2mWorld.until("both are counted", () -> world.count("notifications") == 2);
    }

    @Test
    void aDeviceThatSpeaksTlvIsUnderstood() throws Exception {
        world.device("probe", "probe")
                .observe("probe", seen("/3303"), seen("/3/0"))
                .start();
        world.add(device().speaking(ContentFormat.TLV)).registered();
        Message first = world.store.next();
        assertThat(first.contentType()).isEqualTo("application/vnd.oma.lwm2m+tlv;path=\"/3303\"");
        assertThat(LwM2mWorld.readings(first)).containsExactly("air_temperature.1=22.5", "air_temperature=21.5");
        Message second = world.store.next();
        assertThat(second.contentType()).endsWith("path=\"/3/0\"");
        assertThat(LwM2mWorld.readings(second)).containsExactly("battery=88.0");
    }

    @Test
    void singleResourcesAreObservedTogetherWithTheirAttributes() throws Exception {
        Observation often = new Observation(
                "/3303/0/5700",
                Optional.empty(),
                Optional.of(Duration.ofSeconds(1)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        world.device("probe", "probe").observe("probe", often, seen("/3/0/9")).start();
        world.add(device()).registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5", "battery=88.0");
        first.set(5700, 25.5);
        assertThat(LwM2mWorld.readings(world.store.next())).contains("air_temperature=25.5");
    }

    @Test
    void pmaxMakesADeviceSpeakThatHasNothingNew() throws Exception {
        Observation often = new Observation(
                "/3303/0/5700",
                Optional.empty(),
                Optional.of(Duration.ofSeconds(1)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        world.device("probe", "probe").observe("probe", often).start();
        world.add(device()).registered();
        for (int i = 0; i < 2; i++) {
            assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
        }
    }

    @Test
    void anotherConfigurationTakesHoldAtOnce() throws Exception {
        world.device("probe", "probe").observe("probe", seen("/3/0/9")).start();
        world.add(device()).registered();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("battery=88.0");
        world.observe("probe", seen("/3303/0"));
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
    }

    @Test
    void whatAFullStoreDidNotTakeIsReadWhenThereIsRoom() throws Exception {
        world.device("probe", "probe").observe("probe", seen("/3303/0")).start();
        world.add(device()).registered();
        world.store.next();
        world.store.full(true);
        first.set(5700, 30.5);
        LwM2mWorld.until("the notification is refused", () -> world.count("refused", "cause", "full") == 1);
        world.store.full(false);
        world.gateway.tickNow();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=30.5");
        LwM2mWorld.until("it is counted", () -> world.count("rereads") == 1);
    }

    @Test
    void afterAPowerCutOfTheGatewayTheDeviceGoesOnAndWhatItSaidMeanwhileIsRead() throws Exception {
        world.device("probe", "probe").observe("probe", seen("/3303/0")).start();
        TestDevice device = world.add(device()).registered();
        world.store.next();
        LwM2mWorld.until(
                "it is known what is observed",
                () -> !world.store.list("lwm2m.observed").isEmpty());
        world.kill();
        first.set(5700, 31.5);
        world.start();
        List<String> readings = new ArrayList<>(LwM2mWorld.readings(world.store.next()));
        while (!readings.contains("air_temperature=31.5")) {
            readings.addAll(LwM2mWorld.readings(world.store.next()));
        }
        // It neither registers nor updates: the first word after the cut is a notification, the next one a Send.
        LwM2mWorld.until("the gap is closed", () -> world.count("rereads") >= 1);
        first.set(5700, 32.5);
        while (!readings.contains("air_temperature=32.5")) {
            readings.addAll(LwM2mWorld.readings(world.store.next()));
        }
        assertThat(device.send(ContentFormat.SENML_CBOR, "/3303/1/5700").get().isSuccess())
                .isTrue();
        while (!readings.contains("air_temperature.1=22.5")) {
            readings.addAll(LwM2mWorld.readings(world.store.next()));
        }
        device.update();
        assertThat(device.next()).isEqualTo("updated");
    }

    @Test
    void afterAPowerCutOfADeviceWithAKeyItsFirstSendIsKept() throws Exception {
        world.device("probe", "probe", LwM2mWorld.psk("probe")).start();
        world.add(secure()).registered().close();
        TestDevice again = world.add(secure()).registered();
        assertThat(again.send(ContentFormat.SENML_CBOR, "/3303/0/5700").get().isSuccess())
                .isTrue();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
    }

    @Test
    void afterAPowerCutOfTheGatewayADeviceWithAKeyShakesHandsAgainByItself() throws Exception {
        world.device("probe", "probe", LwM2mWorld.psk("probe")).start();
        TestDevice device = world.add(secure()).registered();
        world.kill();
        world.start();
        device.update();
        // An update that nobody could decrypt ends the old session; the client registers or updates in a new one.
        assertThat(device.next()).isIn("updated", "registered");
        assertThat(device.send(ContentFormat.SENML_CBOR, "/3303/0/5700").get().isSuccess())
                .isTrue();
        assertThat(LwM2mWorld.readings(world.store.next())).containsExactly("air_temperature=21.5");
    }

    private TestDevice.Builder device() {
        return new TestDevice.Builder("probe", world.plain()).with(3303, first, second);
    }

    private TestDevice.Builder secure() {
        return new TestDevice.Builder("probe", world.psk("probe-key", LwM2mWorld.KEY)).with(3303, first, second);
    }
}
