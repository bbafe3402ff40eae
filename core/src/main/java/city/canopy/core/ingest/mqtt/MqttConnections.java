package city.canopy.core.ingest.mqtt;

import city.canopy.devices.config.Key;
import java.time.Duration;

/**
 * How many connections the MQTT door holds, and for how long one may say nothing. Who has not logged in yields to who
 * comes: where a bound is reached, the connection that has been waiting longest for its log-in is closed for the new
 * one.
 */
public record MqttConnections(
        @Key(
                value = "10000",
                doc = "The most connections, 1 to 1000000. One more takes the place of the one that has gone longest"
                        + " without a log-in; where all have logged in it is closed as it comes.")
        int most,

        @Key(
                value = "10000",
                doc =
                        "The most connections of one address, in the same way. Lower it where devices come by addresses of"
                                + " their own, not through one NAT or balancer.")
        int perAddress,

        @Key(
                value = "50",
                doc = "The most connections of one credential, with client ids of their own, 1 to 100000; one more ends"
                        + " the oldest.")
        int perCredential,

        @Key(
                value = "2000",
                doc =
                        "New connections a second, 10 to 100000; more wait in the system's queue, so that who reconnects all the"
                                + " time takes no time from those who are connected.")
        int perSecond,

        @Key(
                value = "PT10S",
                doc = "How long a connection may take to complete its CONNECT, and with TLS its handshake before that,"
                        + " PT0.1S to PT5M; then it is closed.")
        Duration connectTimeout) {

    public MqttConnections {
        MqttLimits.within("most", most, 1, 1_000_000);
        MqttLimits.within("per_address", perAddress, 1, 1_000_000);
        MqttLimits.within("per_credential", perCredential, 1, 100_000);
        MqttLimits.within("per_second", perSecond, 10, 100_000);
        if (connectTimeout.compareTo(Duration.ofMillis(100)) < 0
                || connectTimeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("connect_timeout must be PT0.1S to PT5M, not " + connectTimeout);
        }
    }

    /** The bounds as the documentation gives them. */
    public static MqttConnections defaults() {
        return new MqttConnections(10_000, 10_000, 50, 2000, Duration.ofSeconds(10));
    }
}
