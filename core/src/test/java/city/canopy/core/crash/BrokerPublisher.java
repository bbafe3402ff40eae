package city.canopy.core.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Publishes to a broker with QoS 1, each topic's payloads in order, a round of one of each at a time; a round that the
 * broker did not acknowledge whole is sent again, on a new connection where the old one went.
 */
final class BrokerPublisher implements Runnable {
    private static final long ANSWER_MILLIS = 5_000;

    private final String url;
    private final Map<String, List<String>> stories;
    private volatile int acknowledged;

    /** @param stories payloads by topic, all of one length */
    BrokerPublisher(String url, Map<String, List<String>> stories) {
        this.url = url;
        this.stories = stories;
    }

    /** How many the broker has acknowledged, each counted once. */
    int acknowledged() {
        return acknowledged;
    }

    @Override
    public void run() {
        int rounds = stories.values().iterator().next().size();
        int round = 0;
        while (round < rounds) {
            try {
                round = session(round, rounds);
            } catch (MqttException e) {
                pause();
            }
        }
    }

    private int session(int from, int rounds) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient(url, "publisher", new MemoryPersistence());
        int round = from;
        try {
            client.connect(new MqttConnectionOptions()).waitForCompletion(ANSWER_MILLIS);
            for (; round < rounds; round++) {
                publish(client, round);
                acknowledged += stories.size();
            }
            client.disconnect().waitForCompletion(ANSWER_MILLIS);
            return round;
        } catch (MqttException e) {
            if (round > from) {
                return round;
            }
            throw e;
        } finally {
            client.close(true);
        }
    }

    private void publish(MqttAsyncClient client, int round) throws MqttException {
        List<IMqttToken> tokens = new ArrayList<>();
        for (Map.Entry<String, List<String>> story : stories.entrySet()) {
            byte[] payload = story.getValue().get(round).getBytes(StandardCharsets.UTF_8);
            tokens.add(client.publish(story.getKey(), payload, 1, false));
        }
        for (IMqttToken token : tokens) {
            token.waitForCompletion(ANSWER_MILLIS);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
