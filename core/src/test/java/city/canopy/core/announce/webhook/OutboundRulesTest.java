package city.canopy.core.announce.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundRulesTest {
    private final OutboundRules rules = new OutboundRules(List.of("localhost", "10.0.0.7"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "64:ff9b::10.0.0.1",
                "2002:7f00:1::",
                "2001:db8::1",
                "2001::1"
            })
    void anAddressThatIsNotPublicIsToldApart(String address) throws UnknownHostException {
        assertThat(OutboundRules.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "203.162.4.191", "2001:4860:4860::8888", "2402:800::1"})
    void aPublicAddressIsToldApart(String address) throws UnknownHostException {
        assertThat(OutboundRules.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.org/x",
                "file:///etc/passwd",
                "https://user:pw@example.org/",
                "https:///x",
                "https://example.org/#top",
                "gopher://example.org",
                "/relative"
            })
    void anAddressOfAnotherFormIsRefused(String url) {
        assertThat(rules.refuses(URI.create(url))).isPresent();
    }

    @Test
    void listedHostsMayBeCalledWhereverTheyLeadAndOthersNot() {
        assertThat(rules.refusesHost(URI.create("http://LOCALHOST:8080/x"))).isEmpty();
        assertThat(rules.refusesHost(URI.create("http://10.0.0.7/x"))).isEmpty();
        assertThat(rules.refusesHost(URI.create("http://10.0.0.8/x"))).isPresent();
        assertThat(rules.refusesHost(URI.create("http://[::1]/x"))).isPresent();
        assertThat(rules.refusesHost(URI.create("http://2130706433/x"))).isPresent();
    }

    @Test
    void retriesComeLaterAndLaterUpToAnHour() {
        RetrySchedule schedule = new RetrySchedule(new java.util.Random(1));
        assertThat(schedule.pause(1).toMillis()).isBetween(4_000L, 6_000L);
        assertThat(schedule.pause(4).toMillis()).isBetween(32_000L, 48_000L);
        assertThat(schedule.pause(50).toMinutes()).isBetween(47L, 72L);
        assertThat(schedule.pause(Integer.MAX_VALUE).toMinutes()).isBetween(47L, 72L);
    }
}
