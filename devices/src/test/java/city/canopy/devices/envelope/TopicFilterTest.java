package city.canopy.devices.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "a/b/c, a/b/c, true",
        "a/b, a/b/c, false",
        "a/b/c, a/b, false",
        "a/+/c, a/b/c, true",
        "a/+, a/b/c, false",
        "a/+, a/, true",
        "+, a, true",
        "+, /a, false",
        "/+, /a, true",
        "+/+, /a, true",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "'#', a/b, true",
        "+/b/#, a/b, true",
        "'#', $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
        "a/b, a/c, false"
    })
    void a_filter_takes_the_topics_that_the_standard_says(String filter, String topic, boolean taken) {
        assertThat(TopicFilter.isValid(filter)).isTrue();
        assertThat(TopicFilter.matches(filter, topic)).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a+", "+a/b", "a/#/b", "a#", "a/b#", "a\u0000"})
    void a_wildcard_shares_its_level_with_nothing(String filter) {
        assertThat(TopicFilter.isValid(filter)).isFalse();
    }

    @Test
    void a_topic_to_publish_to_has_no_wildcard() {
        assertThat(TopicFilter.isValidTopic("a/b")).isTrue();
        assertThat(TopicFilter.isValidTopic("a/+")).isFalse();
        assertThat(TopicFilter.isValidTopic("#")).isFalse();
        assertThat(TopicFilter.isValidTopic("")).isFalse();
        assertThat(TopicFilter.isValidTopic("a\u0000")).isFalse();
    }
}
