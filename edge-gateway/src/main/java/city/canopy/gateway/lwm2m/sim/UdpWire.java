package city.canopy.gateway.lwm2m.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plain UDP from a port of the device's own. On the fleet's thread. */
final class UdpWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(UdpWire.class);
    private static final int LONGEST = 2048;

    private final DatagramChannel channel;
    private final Consumer<byte[]> receiver;
    private final ByteBuffer buffer;

    /**
     * @param buffer for what comes in, shared by all wires of the thread
     * @throws IOException when there is no port, or too many files are open
     */
    UdpWire(InetSocketAddress gateway, FleetLoop loop, Consumer<byte[]> receiver, ByteBuffer buffer)
            throws IOException {
        this.receiver = receiver;
        this.buffer = buffer;
        this.channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            // Datagrams of others do not come through.
            channel.connect(gateway);
            loop.watch(channel, this::readable);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(LONGEST);
    }

    @Override
    public boolean renew() {
        return false;
    }

    @Override
    public void send(byte[] datagram) {
        try {
            channel.write(ByteBuffer.wrap(datagram));
        } catch (IOException e) {
            // Nobody listens there just now; as good as lost on the way.
            LOG.debug("a datagram was not sent: {}", e.getMessage());
        }
    }

    private void readable() {
        try {
            for (buffer.clear(); channel.read(buffer) > 0; buffer.clear()) {
                byte[] datagram = new byte[buffer.flip().remaining()];
                buffer.get(datagram);
                receiver.accept(datagram);
            }
        } catch (IOException e) {
            // How the system tells that an earlier datagram found nobody.
            LOG.debug("nobody listens at the gateway: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
