package city.canopy.gateway.lwm2m.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DTLS with a pre-shared key, from a port of the device's own. Scandium reads each port by a thread, which is why there are
 * not too many of these. Any thread; what comes in is handed to the fleet's.
 */
final class DtlsWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(DtlsWire.class);
    private static final int CONNECTIONS = 1;
    private static final int SOCKET_BUFFER = 16 * 1024;

    private final DTLSConnector connector;
    private final EndpointContext peer;
    private final EndpointContext forgetful;
    private final AtomicBoolean agreed = new AtomicBoolean();
    private final AtomicBoolean renewing = new AtomicBoolean();

    DtlsWire(
            InetSocketAddress gateway,
            Member.Psk psk,
            FleetLoop loop,
            Consumer<byte[]> receiver,
            ProtocolScheduledExecutorService executor)
            throws IOException {
        DtlsConfig.register();
        InetAddress from = gateway.getAddress().isLoopbackAddress()
                ? InetAddress.getLoopbackAddress()
                : new InetSocketAddress(0).getAddress();
        connector = new DTLSConnector(new DtlsConnectorConfig.Builder(Configuration.createStandardWithoutFile())
                .setAddress(new InetSocketAddress(from, 0))
                .setPskStore(new SinglePskStore(psk.identity(), HexFormat.of().parseHex(psk.keyHex())))
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
                // What LwM2M demands of every device, and small ones can: no elliptic curves.
                .set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false)
                .setAsList(DtlsConfig.DTLS_CIPHER_SUITES, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
                .set(DtlsConfig.DTLS_MAX_CONNECTIONS, CONNECTIONS)
                .set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, SOCKET_BUFFER)
                .set(DtlsConfig.DTLS_SEND_BUFFER_SIZE, SOCKET_BUFFER)
                .build());
        connector.setExecutor(executor);
        connector.setRawDataReceiver(data -> loop.execute(() -> receiver.accept(data.getBytes())));
        peer = new AddressEndpointContext(gateway);
        forgetful = MapBasedEndpointContext.addEntries(peer, DtlsEndpointContext.ATTRIBUTE_HANDSHAKE_MODE_FORCE);
        connector.start();
    }

    @Override
    public boolean renew() {
        // Only a session can be renewed: a handshake that is under way would begin anew each time.
        if (agreed.getAndSet(false)) {
            renewing.set(true);
            return true;
        }
        return false;
    }

    @Override
    public void send(byte[] datagram) {
        boolean anew = renewing.getAndSet(false);
        connector.send(RawData.outbound(datagram, anew ? forgetful : peer, new Sending(), false));
    }

    /** Notes when there is a session. A message that fails is lost, and is repeated by whoever sent it. */
    private final class Sending implements MessageCallback {
        @Override
        public void onContextEstablished(EndpointContext context) {
            agreed.set(true);
        }

        @Override
        public void onError(Throwable problem) {
            LOG.debug("a message was not sent: {}", problem.getMessage());
        }

        @Override
        public void onConnecting() {
            // Known by onContextEstablished.
        }

        @Override
        public void onDtlsRetransmission(int flight) {
            // Scandium's own affair.
        }

        @Override
        public void onSent() {
            // Says nothing of whether it arrives.
        }
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
