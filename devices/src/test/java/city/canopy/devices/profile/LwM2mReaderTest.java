package city.canopy.devices.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.Command.Operation;
import city.canopy.devices.envelope.Observation;
import city.canopy.devices.profile.LwM2m.CommandSpec;
import city.canopy.devices.profile.LwM2m.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code lwm2m} of a profile. */
class LwM2mReaderTest {
    @Test
    void observations_and_commands_are_read() {
        LwM2m lwm2m = LwM2mReader.read(PackYaml.of("profiles/valve.yaml", """
                observe:
                  - {path: /3303, pmin: PT60S, pmax: PT10M}
                  - {path: /3320/0/5700, gt: 80, lt: 20, st: 5}
                commands:
                  open_valve:
                    title: {vi: Mở van, en: Open the valve}
                    do: [{write: /3306/0/5850, value: true}]
                  set_interval:
                    title: {vi: Chu kỳ, en: Interval}
                    parameters: {seconds: {min: 60, max: 86400, default: 600, title: {vi: Giây, en: Seconds}}}
                    do: [{write: /1/0/3, value: $seconds}]
                """));
        assertThat(lwm2m.observe())
                .containsExactly(
                        new Observation(
                                "/3303",
                                Optional.of(Duration.ofMinutes(1)),
                                Optional.of(Duration.ofMinutes(10)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new Observation(
                                "/3320/0/5700",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(80.0),
                                Optional.of(20.0),
                                Optional.of(5.0)));
        CommandSpec open = lwm2m.commands().get("open_valve");
        assertThat(open.operation()).isEqualTo(Operation.WRITE);
        assertThat(open.path()).isEqualTo("/3306/0/5850");
        assertThat(open.value()).contains(new Value.Literal(true));
        CommandSpec interval = lwm2m.commands().get("set_interval");
        assertThat(interval.value()).contains(new Value.Given("seconds"));
        assertThat(interval.parameters().get("seconds").max()).isEqualTo(86_400);
    }

    @Test
    void a_write_can_be_followed_by_another() {
        LwM2m lwm2m = LwM2mReader.read(PackYaml.of("profiles/valve.yaml", """
                commands:
                  open_valve:
                    title: {vi: Mở van, en: Open the valve}
                    parameters: {minutes: {min: 1, max: 240, default: 20, title: {vi: Phút, en: Minutes}}}
                    do: [{write: /3306/0/5850, value: true, then: false, after_minutes: $minutes}]
                  reboot: {title: {vi: a, en: b}, do: [{execute: /3/0/4}]}
                  beep: {title: {vi: a, en: b}, do: [{execute: /3/0/4, at_most_once: false}]}
                """));
        CommandSpec open = lwm2m.commands().get("open_valve");
        assertThat(open.then().orElseThrow().with(Map.of("minutes", 1.5)))
                .isEqualTo(new Command.Then(false, Duration.ofSeconds(90)));
        assertThat(open.atMostOnce()).isFalse();
        assertThat(lwm2m.commands().get("reboot").atMostOnce()).isTrue();
        assertThat(lwm2m.commands().get("beep").atMostOnce()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                observe: [{path: "3303"}]                                           | 1 | what is observed is /OBJECT
                observe: [{path: /3303, pmin: PT10M, pmax: PT1M}]                   | 1 | pmax must not be under pmin
                observe: [{path: /3303, gt: 5}]                                     | 1 | are about one number
                observe: [{path: /3303/0/5700, gt: 30, lt: 20, st: 5}]              | 1 | must lie under gt
                observe: [{path: /3303/0/5700, gt: 20, lt: 30}]                     | 1 | must lie under gt
                observe: [{path: /3303}, {path: /3303}]                             | 1 | observed twice
                commands: {Open: {title: {vi: a, en: b}, do: []}}                   | 1 | a command is named by
                commands: {a: {title: {vi: a, en: b}, do: []}}                      | 1 | does one thing, not 0
                commands: {a: {title: {vi: a, en: b}, do: [{read: /3}, {read: /4}]}} | 1 | does one thing, not 2
                commands: {a: {title: {vi: a, en: b}, do: [{value: 1}]}}            | 1 | one of read, write and execute
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0, value: 1}]}} | 1 | takes a resource
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0/5850}]}} | 1 | what is written is missing
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3303/0/5700, value: 1}]}} | 1 | is not there to write
                commands: {a: {title: {vi: a, en: b}, do: [{execute: /3/0/9}]}}     | 1 | is not there to execute
                commands: {a: {title: {vi: a, en: b}, do: [{read: /3/0/9, value: 1}]}} | 1 | takes no value
                commands: {a: {title: {vi: a, en: b}, do: [{write: /1/0/3, value: $x}]}} | 1 | no parameter x
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0/5850, value: true, then: false}]}} | 1 | takes 'then' and one of
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0/5850, value: true, after_minutes: 1}]}} | 1 | takes 'then' and one of
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0/5850, value: true, then: false, after_minutes: 1441}]}} | 1 | PT24H
                commands: {a: {title: {vi: a, en: b}, do: [{write: /3306/0/5850, value: true, then: false, after_seconds: long}]}} | 1 | a time is a number
                commands: {a: {title: {vi: a, en: b}, do: [{execute: /3/0/4, then: 1, after_seconds: 5}]}} | 1 | only a write is followed
                commands: {a: {title: {vi: a, en: b}, parameters: {x: {min: 0, max: 2, default: 1, title: {vi: a, en: b}}}, do: [{write: /3306/0/5850, value: true, then: false, after_minutes: $x}]}} | 1 | choose other limits
                commands: {a: {title: {vi: a, en: b}, parameters: {x: {min: 1, max: 2, default: 3, title: {vi: a, en: b}}}, do: [{read: /3}]}} | 1 | default lies between
                """)
    void what_is_wrong_is_told_with_its_line(String yaml, int line, String message) {
        assertThatThrownBy(() -> LwM2mReader.read(PackYaml.of("profiles/a.yaml", yaml)))
                .isInstanceOf(PackFileException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("profiles/a.yaml")
                .hasMessageContaining(String.valueOf(line));
    }
}
