package city.canopy.core.ingest.mqtt;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubCompReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRecReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRelReasonCode;
import java.io.IOException;
import java.util.BitSet;

/**
 * Stands in each connection's pipeline between the MQTT decoder and {@code MqttServer}, from the first byte on. It lets
 * pass only what may come here and now, so that no client can make the server throw or log; it knows when the client
 * was last heard, and it drops all that comes after the end. Event loop only.
 */
final class Gate extends ChannelInboundHandlerAdapter {
    static final int MQTT_5 = 5;
    /** PINGREQ, SUBSCRIBE and UNSUBSCRIBE in one read: each is answered in a write of its own, while the others wait. */
    private static final int REQUESTS_PER_READ = 1000;

    private enum State {
        /** No CONNECT yet. */
        SILENT,
        /** CONNECT has come. */
        CONNECTED,
        /** Being closed; nothing passes. */
        CLOSING
    }

    private final Sockets sockets;
    private final NetSocketInternal socket;
    private final BitSet aliases = new BitSet();
    private ChannelHandlerContext context;
    private State state = State.SILENT;
    private Client client;
    private byte[] password;
    private int version;
    private long keepAliveNanos;
    private boolean paused;
    private int requests;
    /** Whether the server has handed the client over; some that break the protocol it refuses by itself. */
    private boolean met;
    /** When something was last heard; while closing, when that began. */
    private long since;

    Gate(Sockets sockets, NetSocketInternal socket, long now) {
        this.sockets = sockets;
        this.socket = socket;
        this.since = now;
    }

    NetSocketInternal socket() {
        return socket;
    }

    /** The password's bytes as they came in CONNECT, or null; given once, then forgotten. */
    byte[] takePassword() {
        byte[] taken = password;
        password = null;
        return taken;
    }

    /** From now on this client is told why when the connection ends. */
    void belongsTo(Client client) {
        this.client = client;
        sockets.loggedIn(this);
    }

    /** Where it comes from. */
    String address() {
        return socket.remoteAddress().hostAddress();
    }

    /** Closes at once: it has not logged in, and its place is wanted. */
    void yield() {
        sockets.meters().disconnected(Cause.TOO_MANY);
        closing();
        context.channel().close();
    }

    boolean isOpen() {
        return state != State.CLOSING && context.channel().isActive();
    }

    /** While reading is paused, silence is not the client's fault. */
    void paused(boolean paused) {
        met = true;
        this.paused = paused;
        since = System.nanoTime();
    }

    /** Nothing passes any more; the connection is being closed. */
    void closing() {
        if (state != State.CLOSING) {
            state = State.CLOSING;
            since = System.nanoTime();
        }
    }

    /** Looks at the clock: CONNECT in time, keep-alive, and a peer that does not take its end. */
    void check(long now, long connectNanos, long closeNanos) {
        switch (state) {
            case SILENT -> {
                if (now - since > connectNanos) {
                    end(Cause.CONNECT_TIMEOUT);
                }
            }
            case CONNECTED -> {
                if (client != null && client.isStuck(now)) {
                    end(Cause.SLOW_READER);
                } else if (keepAliveNanos > 0 && !paused && now - since > keepAliveNanos) {
                    end(Cause.KEEP_ALIVE);
                }
            }
            case CLOSING -> {
                if (now - since > closeNanos) {
                    context.channel().close();
                }
            }
        }
    }

    /** Ends the connection, telling why where the protocol has words for it. */
    void end(Cause cause) {
        if (client != null) {
            client.end(cause);
        } else if (state != State.CLOSING) {
            sockets.meters().disconnected(cause);
            closing();
            context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSING;
        sockets.removed(this);
        context.fireChannelInactive();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        requests = 0;
        if (state == State.CONNECTED) {
            since = System.nanoTime();
        }
        context.fireChannelReadComplete();
        if (client != null) {
            client.readComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.CLOSING || !(message instanceof MqttMessage packet)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (packet.decoderResult().isFailure()) {
            broken(packet);
            return;
        }
        Cause wrong = state == State.SILENT ? connect(packet) : isTooFast(packet) ? Cause.TOO_FAST : wrong(packet);
        if (wrong != null) {
            ReferenceCountUtil.release(message);
            end(wrong);
        } else if (state == State.SILENT) {
            pass((MqttConnectMessage) packet);
        } else {
            context.fireChannelRead(packet);
        }
    }

    private boolean isTooFast(MqttMessage packet) {
        return switch (packet.fixedHeader().messageType()) {
            case PINGREQ, SUBSCRIBE, UNSUBSCRIBE -> ++requests > REQUESTS_PER_READ;
            default -> false;
        };
    }

    private static Cause connect(MqttMessage packet) {
        return packet instanceof MqttConnectMessage ? null : Cause.PROTOCOL_ERROR;
    }

    private void pass(MqttConnectMessage connect) {
        state = State.CONNECTED;
        since = System.nanoTime();
        version = connect.variableHeader().version();
        password = connect.payload().passwordInBytes();
        keepAliveNanos = connect.variableHeader().keepAliveTimeSeconds() * 1_500_000_000L;
        sockets.connecting(this, () -> context.fireChannelRead(connect));
        if (!met) {
            sockets.meters().disconnected(Cause.PROTOCOL_ERROR);
            closing();
        }
        // The server's own watch would end a client that we do not read from, for its silence.
        if (context.pipeline().get("keepAliveHandler") != null) {
            context.pipeline().remove("keepAliveHandler");
            context.pipeline().remove("idle");
        }
    }

    /** What is wrong with a packet after CONNECT, or null. */
    private Cause wrong(MqttMessage packet) {
        return switch (packet.fixedHeader().messageType()) {
            case PUBLISH -> version == MQTT_5 ? wrong((MqttPublishMessage) packet) : null;
            case SUBSCRIBE ->
                version == MQTT_5
                                && has(
                                        ((MqttSubscribeMessage) packet)
                                                .idAndPropertiesVariableHeader()
                                                .properties(),
                                        MqttProperties.SUBSCRIPTION_IDENTIFIER)
                        ? Cause.SUBSCRIPTION_IDENTIFIER
                        : null;
            case UNSUBSCRIBE, PINGREQ -> null;
            case PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT -> isReasonKnown(packet) ? null : Cause.MALFORMED;
            case CONNECT, CONNACK, SUBACK, UNSUBACK, PINGRESP, AUTH -> Cause.PROTOCOL_ERROR;
        };
    }

    private static boolean has(MqttProperties properties, int type) {
        return properties.getProperty(type) != null;
    }

    private Cause wrong(MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            return Cause.QOS_NOT_SUPPORTED;
        }
        MqttProperties.MqttProperty<?> alias =
                publish.variableHeader().properties().getProperty(MqttProperties.TOPIC_ALIAS);
        boolean named = !publish.variableHeader().topicName().isEmpty();
        if (alias == null) {
            return named ? null : Cause.PROTOCOL_ERROR;
        }
        int number = (Integer) alias.value();
        if (number < 1 || number > MqttLimits.TOPIC_ALIASES) {
            return Cause.TOPIC_ALIAS;
        }
        if (named) {
            aliases.set(number);
            return null;
        }
        return aliases.get(number) ? null : Cause.TOPIC_ALIAS;
    }

    /** A reason code that MQTT does not have would make the server throw. */
    private static boolean isReasonKnown(MqttMessage packet) {
        try {
            if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader end) {
                MqttDisconnectReasonCode.valueOf(end.reasonCode());
            } else if (packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply) {
                switch (packet.fixedHeader().messageType()) {
                    case PUBACK -> MqttPubAckReasonCode.valueOf(reply.reasonCode());
                    case PUBREC -> MqttPubRecReasonCode.valueOf(reply.reasonCode());
                    case PUBREL -> MqttPubRelReasonCode.valueOf(reply.reasonCode());
                    default -> MqttPubCompReasonCode.valueOf(reply.reasonCode());
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void broken(MqttMessage packet) {
        Throwable cause = packet.decoderResult().cause();
        boolean tooLarge = cause instanceof TooLongFrameException;
        if (state == State.SILENT && cause instanceof MqttUnacceptableProtocolVersionException) {
            sockets.meters().disconnected(Cause.PROTOCOL_ERROR);
            refuse(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
        } else if (state == State.SILENT && packet.variableHeader() instanceof MqttConnectVariableHeader connect) {
            sockets.meters().disconnected(tooLarge ? Cause.TOO_LARGE : Cause.MALFORMED);
            refuse(answer(cause, tooLarge, connect.version()));
        } else {
            end(tooLarge ? Cause.TOO_LARGE : Cause.MALFORMED);
        }
    }

    private static MqttConnectReturnCode answer(Throwable cause, boolean tooLarge, int version) {
        if (version != MQTT_5) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
        }
        if (cause instanceof MqttIdentifierRejectedException) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID;
        }
        return tooLarge
                ? MqttConnectReturnCode.CONNECTION_REFUSED_PACKET_TOO_LARGE
                : MqttConnectReturnCode.CONNECTION_REFUSED_MALFORMED_PACKET;
    }

    private void refuse(MqttConnectReturnCode code) {
        closing();
        context.writeAndFlush(MqttMessageBuilders.connAck()
                        .returnCode(code)
                        .sessionPresent(false)
                        .build())
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            context.close();
        } else {
            end(Cause.MALFORMED);
        }
    }
}
