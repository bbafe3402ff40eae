package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.model.DeviceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    private static final DeviceId BIN = new DeviceId("bin-7");

    @Test
    void what_is_built_is_read_back_the_same() {
        Map<String, Topics.Parsed> topics = new LinkedHashMap<>();
        topics.put(Topics.telemetry(BIN), new Topics.Telemetry(BIN));
        topics.put(Topics.status(BIN), new Topics.Status(BIN));
        topics.put(Topics.commands(BIN), new Topics.Commands(BIN));
        topics.put(Topics.commandReply(BIN, "c.1"), new Topics.CommandReply(BIN, "c.1"));
        topics.put(Topics.gatewayUplink(BIN), new Topics.GatewayUplink(BIN));
        topics.put(Topics.MY_TELEMETRY, new Topics.MyTelemetry());
        topics.put(Topics.MY_ATTRIBUTES, new Topics.MyAttributes());
        topics.put(Topics.myRpcRequest("17"), new Topics.MyRpcRequest("17"));
        topics.put(Topics.myRpcResponse("17"), new Topics.MyRpcResponse("17"));
        topics.put(Topics.chirpStack("123", BIN, "up"), new Topics.ChirpStack("123", BIN, "up"));
        topics.put(Topics.theThingsStack("bins", "city", BIN), new Topics.TheThingsStack("bins", "city", BIN));
        topics.put(Topics.FRIGATE_EVENTS, new Topics.FrigateEvents());
        topics.put(Topics.FRIGATE_REVIEWS, new Topics.FrigateReviews());
        topics.put(Topics.ticket("T-1"), new Topics.Ticket("T-1"));
        topics.put(Topics.crewTasks("green"), new Topics.CrewTasks("green"));
        topics.put(Topics.crewPosition("green"), new Topics.CrewPosition("green"));
        topics.forEach(
                (topic, parsed) -> assertThat(Topics.parse(topic)).as(topic).isEqualTo(parsed));
    }

    @Test
    void the_topics_are_those_that_devices_in_the_field_use() {
        assertThat(Topics.telemetry(BIN)).isEqualTo("canopy/v1/devices/bin-7/telemetry");
        assertThat(Topics.commandReply(BIN, "9")).isEqualTo("canopy/v1/devices/bin-7/commands/9/reply");
        assertThat(Topics.gatewayUplink(BIN)).isEqualTo("canopy/v1/gateways/bin-7/uplink");
        assertThat(Topics.parse("application/123/device/0202020202020202/event/status"))
                .isEqualTo(new Topics.ChirpStack("123", new DeviceId("0202020202020202"), "status"));
        assertThat(Topics.parse("v3/app1@tenant1/devices/eui-70b3d5/up"))
                .isEqualTo(new Topics.TheThingsStack("app1", "tenant1", new DeviceId("eui-70b3d5")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "canopy/v1/devices//telemetry",
                "canopy/v1/devices/a/b/telemetry",
                "canopy/v1/devices/a telemetry/telemetry",
                "canopy/v1/devices/+/telemetry",
                "canopy/v1/devices/a/telemetry/",
                "canopy/v1/devices/a/telemetryx",
                "canopy/v1/devices/a/commandsx",
                "canopy/v1/devices/a/commands/",
                "canopy/v1/devices/a/commands//reply",
                "canopy/v1/devices/a/commands/reply",
                "canopy/v1/devices/a/commands/1/2/reply",
                "canopy/v1/devices/a",
                "canopy/v1/devices/",
                "canopy/v1/gateways/uplink",
                "canopy/v1/gateways//uplink",
                "canopy/v1/crews/tasks",
                "canopy/v1/tickets/",
                "canopy/v2/devices/a/telemetry",
                "v1/devices/me/rpc/request/",
                "v1/devices/me/telemetry/x",
                "v1/devices/me/",
                "application/1/device/2/event",
                "application/1/device//event/up",
                "application/1/dev/2/event/up",
                "application//device/2/event/up",
                "v3/app/devices/x/up",
                "v3/@t/devices/x/up",
                "v3/a@/devices/x/up",
                "v3/a@t/devices/x/down",
                "v3/a@t",
                "frigate/other",
                "$SYS/broker"
            })
    void any_other_topic_is_unknown(String topic) {
        assertThat(Topics.parse(topic)).isEqualTo(new Topics.Unknown(topic));
    }

    @Test
    void a_name_of_64_characters_is_taken_and_one_of_65_is_not() {
        String longest = "a".repeat(64);
        assertThat(Topics.parse("canopy/v1/devices/" + longest + "/telemetry"))
                .isEqualTo(new Topics.Telemetry(new DeviceId(longest)));
        assertThat(Topics.parse("canopy/v1/devices/a" + longest + "/telemetry")).isInstanceOf(Topics.Unknown.class);
    }

    @Test
    void a_topic_over_the_limit_is_unknown() {
        String topic = "canopy/v1/devices/a/" + "x".repeat(Topics.MAX_LENGTH);
        assertThat(Topics.parse(topic)).isEqualTo(new Topics.Unknown(topic));
    }

    @Test
    void a_name_with_a_slash_cannot_be_built_into_a_topic() {
        assertThatThrownBy(() -> Topics.ticket("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b");
    }

    @Test
    void no_mutilated_topic_makes_the_reader_fail() {
        Random random = new Random(4);
        String[] seeds = {
            Topics.telemetry(BIN),
            Topics.commandReply(BIN, "1"),
            Topics.chirpStack("1", BIN, "up"),
            Topics.theThingsStack("a", "t", BIN),
            Topics.myRpcRequest("1"),
            Topics.crewPosition("c")
        };
        for (int i = 0; i < 100_000; i++) {
            StringBuilder topic = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int edits = random.nextInt(4); edits >= 0 && !topic.isEmpty(); edits--) {
                int at = random.nextInt(topic.length());
                switch (random.nextInt(3)) {
                    case 0 -> topic.deleteCharAt(at);
                    case 1 -> topic.insert(at, "/+#@a\u0000\ud800".charAt(random.nextInt(7)));
                    default -> topic.setLength(at);
                }
            }
            assertThat(Topics.parse(topic.toString())).isNotNull();
        }
    }
}
