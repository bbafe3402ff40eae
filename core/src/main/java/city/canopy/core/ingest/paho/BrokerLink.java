package city.canopy.core.ingest.paho;

import city.canopy.core.ingest.Inbound;
import city.canopy.core.ingest.Speaker;
import city.canopy.devices.envelope.TopicFilter;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Uplink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a broker, from CONNECT to its end; the next one is a new object, so nothing stale can be answered. */
final class BrokerLink implements MqttCallback {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);
    private static final long ANSWER_MILLIS = 30_000;
    private static final int KEEP_ALIVE_SECONDS = 60;
    /** Until it is taken up again the broker keeps the session: the longest that MQTT can say. */
    private static final long SESSION_EXPIRY_SECONDS = 0xFFFF_FFFFL;

    private static final int REFUSED = 0x80;

    /** A message of the broker that is owed an acknowledgement once it is settled. */
    static final class Owed {
        private final BrokerLink link;
        private final int packetId;
        private final int qos;
        private boolean settled;

        private Owed(BrokerLink link, int packetId, int qos) {
            this.link = link;
            this.packetId = packetId;
            this.qos = qos;
        }

        BrokerLink link() {
            return link;
        }
    }

    private final BrokerConfig config;
    private final PahoSource source;
    private final ArrayDeque<Owed> owed = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile MqttAsyncClient client;
    private volatile String reason = "closed";

    BrokerLink(BrokerConfig config, PahoSource source) {
        this.config = config;
        this.source = source;
    }

    /** Connects and subscribes; messages may come before this returns. */
    void open() throws MqttException, IOException {
        MqttAsyncClient opened = new MqttAsyncClient(config.url(), config.clientId(), new MemoryPersistence());
        opened.setManualAcks(true);
        opened.setCallback(this);
        client = opened;
        opened.connect(options()).waitForCompletion(ANSWER_MILLIS);
        String[] topics = config.topics().toArray(new String[0]);
        int[] qos = new int[topics.length];
        Arrays.fill(qos, 1);
        IMqttToken subscribed = opened.subscribe(topics, qos);
        subscribed.waitForCompletion(ANSWER_MILLIS);
        for (int i = 0; i < topics.length; i++) {
            if (subscribed.getReasonCodes() != null && subscribed.getReasonCodes()[i] >= REFUSED) {
                throw new IOException("the broker refuses the topic " + topics[i]);
            }
        }
    }

    private MqttConnectionOptions options() throws IOException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(false);
        options.setSessionExpiryInterval(SESSION_EXPIRY_SECONDS);
        options.setReceiveMaximum(config.receiveMaximum());
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        options.setConnectionTimeout((int) (ANSWER_MILLIS / 1000));
        options.setSocketFactory(
                config.url().startsWith("ssl:") ? NoDelaySockets.tls(config.ca()) : NoDelaySockets.plain());
        if (config.username() != null && !config.username().isEmpty()) {
            options.setUserName(config.username());
        }
        if (config.password().isSet()) {
            options.setPassword(config.password().value().getBytes(StandardCharsets.UTF_8));
        }
        return options;
    }

    /** Waits for the end and says why. */
    String awaitEnd() throws InterruptedException {
        ended.await();
        return reason;
    }

    private boolean isOver() {
        return ended.getCount() == 0 || source.isStopping();
    }

    /** On Paho's own thread: while this waits for room, nothing more is read from the broker. */
    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
        Owed note = new Owed(this, message.getId(), message.getQos());
        if (note.qos > 0) {
            synchronized (owed) {
                owed.add(note);
            }
        }
        DeviceId device = isAskedFor(topic) ? Speaker.of(topic, config.name()) : null;
        if (device == null) {
            source.ignore(note);
            return;
        }
        MqttProperties properties = message.getProperties();
        String contentType = properties == null ? null : properties.getContentType();
        Uplink uplink = new Uplink(
                device, contentType, message.getPayload(), source.clock().instant());
        Inbound inbound = new Inbound(source, note, topic, uplink);
        while (!isOver() && !source.offer(inbound)) {
            awaitRoom();
        }
    }

    private void awaitRoom() throws InterruptedException {
        CountDownLatch room = new CountDownLatch(1);
        source.intake().whenRoom(room::countDown);
        while (!isOver() && !room.await(100, TimeUnit.MILLISECONDS)) {
            // Looks whether the link is over.
        }
    }

    /** The broker's session may still hold a topic that the configuration has dropped. */
    private boolean isAskedFor(String topic) {
        for (String filter : config.topics()) {
            if (TopicFilter.matches(filter, topic)) {
                return true;
            }
        }
        return false;
    }

    void settled(Owed note) {
        synchronized (owed) {
            note.settled = true;
        }
    }

    /** Sends the acknowledgements that are due, in order of arrival. One thread at a time. */
    void acknowledge() {
        while (ended.getCount() > 0) {
            Owed next;
            synchronized (owed) {
                next = owed.peek();
                if (next == null || !next.settled) {
                    return;
                }
                owed.remove();
            }
            // Read once: the link may be cut just now, and what it still owes comes again on the next one.
            var open = client;
            if (open == null) {
                return;
            }
            try {
                open.messageArrivedComplete(next.packetId, next.qos);
            } catch (MqttException e) {
                // Not acknowledged: it comes again on the next link.
                end("an acknowledgement could not be sent: " + e.getMessage());
            }
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        String told = response.getReasonString();
        end(told != null ? told : String.valueOf(response.getException()));
    }

    private void end(String why) {
        if (ended.getCount() > 0) {
            reason = why;
            ended.countDown();
        }
    }

    /** Says good-bye; the session stays with the broker. */
    void leave() {
        MqttAsyncClient left = client;
        if (left != null && left.isConnected()) {
            try {
                left.disconnect(1000).waitForCompletion(2000);
            } catch (MqttException e) {
                LOG.debug("Broker {} was left without a good-bye: {}", config.name(), e.getMessage());
            }
        }
        end("left");
    }

    /** Ends the connection without a word and frees its threads. */
    void cut() {
        end("cut");
        MqttAsyncClient left = client;
        client = null;
        if (left == null) {
            return;
        }
        try {
            left.disconnectForcibly(0, 0, false);
        } catch (MqttException e) {
            LOG.debug("Broker {} was not connected when cut: {}", config.name(), e.getMessage());
        }
        try {
            left.close(true);
        } catch (MqttException e) {
            LOG.debug("The client of broker {} was closed already: {}", config.name(), e.getMessage());
        }
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        end(String.valueOf(exception.getMessage()));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // Nothing is published here.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // open() waits for the answer itself.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        end("the broker wants an authentication exchange, which is not supported");
    }
}
