package city.canopy.gateway.forward;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link by Eclipse Paho, MQTT 5. A thread of its own connects, waits for the end and connects again. Paho keeps nothing:
 * what it did not see acknowledged is still in the store. The will says that the gateway is offline.
 */
public final class PahoBrokerLink implements BrokerLink {
    private static final Logger log = LoggerFactory.getLogger(PahoBrokerLink.class);
    private static final int ANSWER_SECONDS = 15;
    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final int REFUSED = 0x80;

    private final Door door;
    private final RetrySchedule retries;
    private final ReachProbe probe;
    private final Thread thread = new Thread(this::run, "gateway-link");
    private Listener listener;
    /** Whether the last try found nobody at all. The link's thread. */
    private boolean away;

    private volatile Session session;
    private volatile boolean closed;

    /**
     * Where and as whom it connects.
     *
     * @param url {@code ssl://host:port}
     * @param sockets TLS with the gateway's certificate; null for {@code tcp:} in tests
     * @param clientId the gateway's id
     * @param topics what it subscribes to, with QoS 1
     * @param statusTopic where {@code online} and, by the will, {@code offline} are said
     */
    public record Door(String url, SSLSocketFactory sockets, String clientId, List<String> topics, String statusTopic) {
        public Door {
            topics = List.copyOf(topics);
        }
    }

    public PahoBrokerLink(Door door, RetrySchedule retries) {
        this.door = door;
        this.retries = retries;
        URI uri = URI.create(door.url());
        this.probe = new ReachProbe(uri.getHost(), uri.getPort());
    }

    @Override
    public void open(Listener listener) {
        this.listener = listener;
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                String why = once();
                if (!closed) {
                    long millis = retries.next().toMillis();
                    log.info("no connection to the service ({}); again in {} ms at the latest", why, millis);
                    probe.await(millis, away);
                }
            }
        } catch (InterruptedException e) {
            log.debug("the link was interrupted and ends");
        }
    }

    /** One connection from its beginning to its end; says why it ended. */
    private String once() throws InterruptedException {
        Session opened;
        away = false;
        try {
            opened = new Session();
            session = opened;
            opened.connect();
        } catch (MqttException e) {
            Session failed = session;
            session = null;
            if (failed != null) {
                failed.cut();
            }
            away = isOfNobody(e.getCause());
            return reason(e);
        }
        log.info("connected to the service at {}", door.url());
        listener.connected();
        String why = opened.awaitEnd();
        session = null;
        opened.cut();
        listener.lost(why);
        return why;
    }

    private static boolean isOfNobody(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException;
    }

    private static String reason(MqttException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload) {
        Session open = session;
        return open == null
                ? CompletableFuture.failedFuture(
                        new MqttException(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED))
                : open.publish(topic, payload);
    }

    @Override
    public void reconnect() {
        Session open = session;
        if (open != null) {
            open.end("the gateway begins anew");
        }
    }

    @Override
    public boolean isConnected() {
        Session open = session;
        return open != null && open.up;
    }

    @Override
    public void close() {
        closed = true;
        Session open = session;
        if (open != null) {
            open.leave();
        }
        thread.interrupt();
    }

    /** One connection. */
    private final class Session implements MqttCallback {
        private final MqttAsyncClient client;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();
        private volatile String why = "ended";
        private volatile boolean up;

        Session() throws MqttException {
            client = new MqttAsyncClient(door.url(), door.clientId(), new MemoryPersistence());
            client.setCallback(this);
        }

        void connect() throws MqttException {
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setCleanStart(true);
            options.setAutomaticReconnect(false);
            options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
            options.setConnectionTimeout(ANSWER_SECONDS);
            if (door.sockets() != null) {
                options.setSocketFactory(door.sockets());
                options.setHttpsHostnameVerificationEnabled(true);
            }
            options.setWill(door.statusTopic(), word("offline"));
            client.connect(options).waitForCompletion(ANSWER_SECONDS * 1_000L);
            String[] topics = door.topics().toArray(new String[0]);
            int[] qos = new int[topics.length];
            Arrays.fill(qos, 1);
            IMqttToken subscribed = client.subscribe(topics, qos);
            subscribed.waitForCompletion(ANSWER_SECONDS * 1_000L);
            for (int i = 0; subscribed.getReasonCodes() != null && i < topics.length; i++) {
                if (subscribed.getReasonCodes()[i] >= REFUSED) {
                    log.error("the service refuses the topic {}: is this gateway enrolled under this name?", topics[i]);
                }
            }
            client.publish(door.statusTopic(), word("online"));
            up = true;
        }

        private static MqttMessage word(String word) {
            MqttMessage message = new MqttMessage(word.getBytes(StandardCharsets.UTF_8));
            message.setQos(1);
            message.setRetained(true);
            return message;
        }

        CompletableFuture<Void> publish(String topic, byte[] payload) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            underWay.add(done);
            done.whenComplete((nothing, failure) -> underWay.remove(done));
            MqttMessage message = new MqttMessage(payload);
            message.setQos(1);
            try {
                client.publish(topic, message, null, new MqttActionListener() {
                    @Override
                    public void onSuccess(IMqttToken token) {
                        int[] codes = token.getReasonCodes();
                        if (codes != null && codes.length > 0 && codes[0] >= REFUSED) {
                            done.completeExceptionally(new MqttException(codes[0]));
                        } else {
                            retries.reset();
                            done.complete(null);
                        }
                    }

                    @Override
                    public void onFailure(IMqttToken token, Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                });
            } catch (MqttException e) {
                done.completeExceptionally(e);
            }
            if (ended.getCount() == 0) {
                fail();
            }
            return done;
        }

        private void fail() {
            for (CompletableFuture<Void> one : List.copyOf(underWay)) {
                one.completeExceptionally(new MqttException(MqttClientException.REASON_CODE_CONNECTION_LOST));
            }
        }

        String awaitEnd() throws InterruptedException {
            ended.await();
            up = false;
            return why;
        }

        void end(String reason) {
            if (ended.getCount() > 0) {
                why = reason;
                up = false;
                ended.countDown();
            }
        }

        /** A good-bye, so that the will is not published for an orderly end; the service is told before. */
        void leave() {
            try {
                if (up) {
                    client.publish(door.statusTopic(), word("offline")).waitForCompletion(1_000);
                    client.disconnect(500).waitForCompletion(1_000);
                }
            } catch (MqttException e) {
                log.debug("left without a good-bye: {}", e.getMessage());
            }
            end("closed");
        }

        void cut() {
            end("cut");
            try {
                client.disconnectForcibly(0, 0, false);
            } catch (MqttException e) {
                log.debug("was not connected when cut: {}", e.getMessage());
            }
            try {
                client.close(true);
            } catch (MqttException e) {
                log.debug("was closed already: {}", e.getMessage());
            }
            fail();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            listener.received(topic, message.getPayload());
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            String told = response.getReasonString();
            end(told != null ? told : String.valueOf(response.getException()));
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            end(String.valueOf(failure.getMessage()));
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Each publish has a listener of its own.
        }

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {
            // connect() waits for the answer itself.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            end("the service wants an authentication exchange, which is not supported");
        }
    }
}
