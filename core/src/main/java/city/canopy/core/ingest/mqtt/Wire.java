package city.canopy.core.ingest.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;

/**
 * The socket beneath one MQTT client: pausing, the bound of what waits to be sent, and many acknowledgements in one
 * write, none of which {@code MqttEndpoint} can do. One write for each acknowledgement was measured to be four times
 * dearer than the rest of the door together. Event loop only.
 */
final class Wire {
    private static final int PUBACK = 0x40;
    private static final int PUBREC = 0x50;

    private final MqttEndpoint endpoint;
    private final NetSocketInternal socket;
    private final boolean grouped;
    private final int outboundBytes;
    private ByteBuf acknowledgements;

    /** @param grouped whether acknowledgements leave together; else one by one through the endpoint's own call */
    Wire(MqttEndpoint endpoint, NetSocketInternal socket, int outboundBytes, boolean grouped) {
        this.endpoint = endpoint;
        this.socket = socket;
        this.grouped = grouped;
        this.outboundBytes = outboundBytes;
        socket.setWriteQueueMaxSize(outboundBytes);
    }

    /** From now on at least so many bytes may wait to be sent. */
    void allow(int bytes) {
        socket.setWriteQueueMaxSize(Math.max(bytes, outboundBytes));
    }

    /** Stops reading; what has been read already waits. */
    void pause() {
        socket.pause();
    }

    void resume() {
        socket.resume();
    }

    /** Whether more waits to be sent than the bound. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    /** Calls back once what waited to be sent has mostly gone. */
    void onDrain(Runnable drained) {
        socket.drainHandler(nothing -> drained.run());
    }

    /** Adds one PUBACK, or PUBREC for QoS 2; it leaves with {@link #flush}. */
    void acknowledge(Slot slot) {
        if (!grouped) {
            one(slot);
            return;
        }
        if (acknowledgements == null) {
            acknowledgements = PooledByteBufAllocator.DEFAULT.ioBuffer(256);
        }
        acknowledgements.writeByte(slot.qos == 2 ? PUBREC : PUBACK);
        if (slot.reason == 0) {
            acknowledgements.writeByte(2).writeShort(slot.packetId);
        } else {
            acknowledgements.writeByte(3).writeShort(slot.packetId).writeByte(slot.reason);
        }
    }

    private void one(Slot slot) {
        if (slot.qos == 2) {
            endpoint.publishReceived(slot.packetId);
        } else if (slot.reason == 0) {
            endpoint.publishAcknowledge(slot.packetId);
        } else {
            endpoint.publishAcknowledge(
                    slot.packetId, MqttPubAckReasonCode.valueOf(slot.reason), MqttProperties.NO_PROPERTIES);
        }
    }

    /** Sends what {@link #acknowledge} has added, in one write. */
    void flush() {
        if (acknowledgements != null) {
            ByteBuf buffer = acknowledgements;
            acknowledgements = null;
            socket.writeMessage(buffer);
        }
    }

    /** Forgets what was not flushed. */
    void drop() {
        if (acknowledgements != null) {
            acknowledgements.release();
            acknowledgements = null;
        }
    }

    /** Closes at once, whatever waits to be sent: for a peer that does not read. */
    void cut() {
        socket.channelHandlerContext().channel().close();
    }
}
