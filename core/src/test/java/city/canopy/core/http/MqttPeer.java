package city.canopy.core.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** A real MQTT 5 client that keeps what it hears. */
public final class MqttPeer implements AutoCloseable {
    private final MqttClient client;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    /** A message that came. */
    public record Heard(String topic, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private MqttPeer(String uri, String id, MqttConnectionOptions options) throws MqttException {
        client = new MqttClient(uri, id, new MemoryPersistence());
        client.setTimeToWait(10_000);
        client.setCallback(new Keeping());
        client.connect(options);
    }

    private final class Keeping implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            heard.add(new Heard(topic, message.getPayload()));
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            heard.add(new Heard("disconnected", new byte[0]));
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            heard.add(new Heard("error", String.valueOf(exception.getMessage()).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reason, MqttProperties properties) {}
    }

    /** Over TLS, by a client certificate. */
    static MqttPeer byCertificate(int port, SSLContext tls, String id) throws MqttException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setSocketFactory(tls.getSocketFactory());
        options.setHttpsHostnameVerificationEnabled(true);
        return new MqttPeer("ssl://127.0.0.1:" + port, id, options);
    }

    /** Plain, by a token. */
    public static MqttPeer byToken(int port, String token, String id) throws MqttException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(token);
        return new MqttPeer("tcp://127.0.0.1:" + port, id, options);
    }

    /** @return the reason code: 1 when granted */
    public int subscribe(String filter) throws MqttException {
        try {
            return client.subscribe(filter, 1).getReasonCodes()[0];
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    /** Comes back when it is acknowledged. @return the reason code; 0 is success */
    public int publish(String topic, String payload) throws MqttException {
        try {
            IMqttToken token = client.getTopic(topic).publish(payload.getBytes(StandardCharsets.UTF_8), 1, false);
            token.waitForCompletion(10_000);
            int[] codes = token.getReasonCodes();
            return codes == null || codes.length == 0 ? 0 : codes[0];
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    /** The next message; fails after ten seconds. */
    public Heard next() throws InterruptedException {
        Heard next = heard.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within 10 s");
        }
        return next;
    }

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            client.disconnectForcibly(0, 100, true);
        }
        client.close();
    }
}
