package city.canopy.core.ingest.paho;

import city.canopy.devices.config.Key;
import city.canopy.devices.config.Secret;
import city.canopy.devices.envelope.TopicFilter;
import city.canopy.devices.model.DeviceId;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A broker that the city already has, and what is read from it. */
public record BrokerConfig(
        @Key(doc = "Its name in logs, metrics and as the device of messages that name none: [A-Za-z0-9._:-]{1,64}.")
        String name,

        @Key(doc = "Where it is: tcp://host:1883 or ssl://host:8883.")
        String url,

        @Key(doc = "The client id, which the broker keeps the session by: never change it while messages wait there.")
        String clientId,

        @Key(doc = "The user name, if it wants one.") String username,
        @Key(doc = "The password, if it wants one.") Secret password,

        @Key(doc = "The topic filters to read; no shared subscriptions.")
        List<String> topics,

        @Key(
                value = "1000",
                doc =
                        "Messages that the broker may send before the first is acknowledged, 1 to 65535; the window that is"
                                + " open while batches commit.")
        int receiveMaximum,

        @Key(doc = "The authorities that signed the broker's certificate, PEM. None: those that Java trusts.")
        Path ca) {

    public BrokerConfig {
        if (!DeviceId.isValid(name)) {
            throw new IllegalArgumentException("name must be 1 to 64 of letters, digits, '.', '_', ':' and '-'");
        }
        String scheme = url == null || url.isBlank()
                ? ""
                : String.valueOf(URI.create(url).getScheme());
        if (!scheme.equals("tcp") && !scheme.equals("ssl")) {
            throw new IllegalArgumentException("url must be tcp://host:port or ssl://host:port, not \"" + url + "\"");
        }
        if (clientId == null || clientId.isBlank()) {
            throw new IllegalArgumentException("client_id must be set: the broker keeps what was missed under it");
        }
        topics = List.copyOf(topics);
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics must name at least one topic filter");
        }
        for (String topic : topics) {
            if (!TopicFilter.isValid(topic) || topic.startsWith("$share/")) {
                throw new IllegalArgumentException("topics: \"" + topic + "\" is not a plain topic filter");
            }
        }
        if (receiveMaximum < 1 || receiveMaximum > 65_535) {
            throw new IllegalArgumentException("receive_maximum must be 1 to 65535, not " + receiveMaximum);
        }
        if (ca != null && scheme.equals("tcp")) {
            throw new IllegalArgumentException("ca is for ssl:// only");
        }
    }
}
