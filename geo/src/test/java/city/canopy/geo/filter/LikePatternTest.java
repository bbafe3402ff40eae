package city.canopy.geo.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikePatternTest {
    @ParameterizedTest
    @CsvSource({
        "abc,abc,true",
        "abc,abd,false",
        "a%,a,true",
        "%c,abc,true",
        "%b%,abc,true",
        "a_c,abc,true",
        "a_c,ac,false",
        "%,'',true",
        "_,'',false",
        "a%b%c,axxbyyc,true",
        "a%b%c,axxcyyb,false",
        "100\\%,100%,true",
        "100\\%,1000,false",
        "a\\_b,axb,false",
        "%ab,aab,true",
        "%aab,aaab,true",
        "(.*),(.*),true",
        "a\\,a\\,true"
    })
    void it_matches_as_sql_does(String pattern, String text, boolean matches) {
        assertThat(new LikePattern(pattern, true).matches(text)).isEqualTo(matches);
    }

    @Test
    void case_is_ignored_in_vietnamese_too_when_asked_for() {
        assertThat(new LikePattern("PHƯỢNG%", false).matches("phượng vĩ")).isTrue();
        assertThat(new LikePattern("PHƯỢNG%", true).matches("phượng vĩ")).isFalse();
    }

    @Test
    void no_pattern_takes_long() {
        LikePattern pattern = new LikePattern("%a".repeat(1_000) + "b", true);
        Assertions.assertTimeout(Duration.ofSeconds(2), () -> pattern.matches("a".repeat(20_000)));
    }
}
