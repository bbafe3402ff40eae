package city.canopy.core.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntSupplier;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.exception.ConnectorException;

/**
 * A device of nothing but CoAP: it registers by LwM2M and sends its payloads one after the other, each again and again
 * until it is acknowledged. It registers anew only when it is told that it is not registered.
 */
final class SendDevice implements Runnable, AutoCloseable {
    private static final int LINK_FORMAT = 40;
    private static final int SENML_JSON = 110;
    private static final long ANSWER_MILLIS = 1_500;

    static {
        CoapConfig.register();
    }

    private final CoapEndpoint endpoint = CoapEndpoint.builder()
            .setConfiguration(new Configuration())
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    private final String name;
    private final List<String> payloads;
    private final IntSupplier port;
    private volatile int acknowledged;
    private volatile int registrations;
    private volatile boolean stopped;
    private volatile String failure;

    /** @param port where the gateway listens now */
    SendDevice(String name, List<String> payloads, IntSupplier port) {
        this.name = name;
        this.payloads = payloads;
        this.port = port;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** How often it had to register. */
    int registrations() {
        return registrations;
    }

    boolean isDone() {
        return acknowledged == payloads.size();
    }

    /** Why it gave up; null when it did not. */
    String failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            while (!isDone() && !stopped && failure == null) {
                step();
            }
        } catch (InterruptedException e) {
            failure = "interrupted";
        }
    }

    private void step() throws InterruptedException {
        CoapResponse answer = post("/dp", payloads.get(acknowledged), SENML_JSON);
        if (answer == null || answer.getCode() == ResponseCode.SERVICE_UNAVAILABLE) {
            Thread.sleep(50);
        } else if (answer.getCode() == ResponseCode.CHANGED) {
            acknowledged++;
        } else if (answer.getCode() == ResponseCode.NOT_FOUND) {
            register();
        } else {
            failure = name + ": " + answer.getCode() + " " + answer.getResponseText();
        }
    }

    private void register() throws InterruptedException {
        CoapResponse answer = post("/rd?ep=" + name + "&lt=86400&lwm2m=1.1&b=U", "</3303/0>", LINK_FORMAT);
        if (answer != null && answer.getCode() == ResponseCode.CREATED) {
            registrations++;
        } else {
            // Not heard, or the gateway does not know the device yet.
            Thread.sleep(100);
        }
    }

    /** Null where nobody answers. */
    private CoapResponse post(String path, String payload, int format) {
        CoapClient client = new CoapClient("coap://127.0.0.1:" + port.getAsInt() + path);
        client.setEndpoint(endpoint);
        client.setTimeout(ANSWER_MILLIS);
        try {
            return client.post(payload, format);
        } catch (ConnectorException | IOException e) {
            return null;
        }
    }

    @Override
    public void close() {
        stopped = true;
        endpoint.destroy();
    }
}
