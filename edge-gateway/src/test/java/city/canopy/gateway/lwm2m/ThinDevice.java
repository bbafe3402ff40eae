package city.canopy.gateway.lwm2m;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapClient;
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
