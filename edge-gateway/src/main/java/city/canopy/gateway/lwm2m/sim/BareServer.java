package city.canopy.gateway.lwm2m.sim;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskStore;

/**
 * Californium alone, set up as the gateway's: it answers a fleet's registrations and Sends with success at once and does
 * nothing else. What a gateway's speed is compared with. Any thread.
 */
public final class BareServer implements AutoCloseable {
    private static final int REMEMBERED = 4;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private final CoapServer server;
    private final CoapEndpoint plain;
    private final CoapEndpoint secure;

    /** @param port of CoAP, as {@code dtlsPort} 0 for a free one */
    public BareServer(int port, int dtlsPort, List<Member> members) {
        DtlsConfig.register();
        CoapConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, members.size() + 1_000);
        configuration.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
        configuration.set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED);
        configuration.set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER_BYTES);
        configuration.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER_BYTES);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, members.size() + 1_000);
        MultiPskStore keys = new MultiPskStore();
        members.forEach(member -> member.psk()
                .ifPresent(psk -> keys.setKey(psk.identity(), HexFormat.of().parseHex(psk.keyHex()))));
        plain = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress("127.0.0.1", port))
                .build();
        secure = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(new DTLSConnector(new DtlsConnectorConfig.Builder(configuration)
                        .set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY)
                        .set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false)
                        .setAsList(DtlsConfig.DTLS_CIPHER_SUITES, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)
                        .setAddress(new InetSocketAddress("127.0.0.1", dtlsPort))
                        .setPskStore(keys)
                        .build()))
                .build();
        server = new CoapServer(configuration);
        server.addEndpoint(plain);
        server.addEndpoint(secure);
        AtomicLong names = new AtomicLong();
        server.add(new Answering("rd", ResponseCode.CREATED, names), new Answering("dp", ResponseCode.CHANGED, names));
        server.start();
    }

    private static final class Answering extends CoapResource {
        private final ResponseCode code;
        private final AtomicLong names;

        Answering(String name, ResponseCode code, AtomicLong names) {
            super(name);
            this.code = code;
            this.names = names;
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            if (code == ResponseCode.CREATED) {
                exchange.setLocationPath("rd/" + names.incrementAndGet());
            }
            exchange.respond(code);
        }
    }

    /** The port of CoAP. */
    public int port() {
        return plain.getAddress().getPort();
    }

    /** The port of CoAP over DTLS. */
    public int dtlsPort() {
        return secure.getAddress().getPort();
    }

    @Override
    public void close() {
        server.destroy();
    }
}
