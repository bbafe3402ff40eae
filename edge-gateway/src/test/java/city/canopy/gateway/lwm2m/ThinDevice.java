package city.canopy.gateway.lwm2m;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.leshan.core.request.ContentFormat;

/** A device of nothing but CoAP: it registers and sends, and shows every answer as it came. */
final class ThinDevice implements AutoCloseable {
    private final CoapEndpoint endpoint = CoapEndpoint.builder()
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    private final String gateway;

    ThinDevice(String gateway) {
        this.gateway = gateway;
    }

    CoapResponse register(String name) throws Exception {
        return register(name, 300);
    }

    CoapResponse register(String name, int lifetimeSeconds) throws Exception {
        return post(
                "/rd?ep=" + name + "&lt=" + lifetimeSeconds + "&lwm2m=1.1&b=U",
                "</3303/0>,</3/0>",
                ContentFormat.LINK_CODE);
    }

    CoapResponse send(String payload, int format) throws Exception {
        return post("/dp", payload, format);
    }

    /** Sends without waiting; the answer never comes, or fails, where there is none. */
    CompletableFuture<CoapResponse> sendLater(String payload, int format) {
        CompletableFuture<CoapResponse> answer = new CompletableFuture<>();
        CoapClient client = new CoapClient(gateway + "/dp");
        client.setEndpoint(endpoint);
        client.post(
                new CoapHandler() {
                    @Override
                    public void onLoad(CoapResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError() {
                        answer.completeExceptionally(new IllegalStateException("no answer"));
                    }
                },
                payload,
                format);
        return answer;
    }

    private CoapResponse post(String path, String payload, int format) throws Exception {
        CoapClient client = new CoapClient(gateway + path);
        client.setEndpoint(endpoint);
        return client.post(payload, format);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }
}
