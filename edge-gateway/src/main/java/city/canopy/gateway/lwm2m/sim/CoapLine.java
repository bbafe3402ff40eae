package city.canopy.gateway.lwm2m.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CoAP as one device speaks it with one peer, after RFC 7252: one confirmable request or notification at a time, repeated
 * when it is not answered, and answers to the peer's requests, each given once. Messages have one block. On the fleet's thread.
 */
final class CoapLine {
    private static final Logger LOG = LoggerFactory.getLogger(CoapLine.class);
    private static final UdpDataSerializer SERIALIZER = new UdpDataSerializer();
    private static final UdpDataParser PARSER = new UdpDataParser();
    private static final int ACK_TIMEOUT_MILLIS = 2_000;
    private static final int ACK_RANDOM_MILLIS = 1_000;
    private static final int MAX_RETRANSMIT = 4;
    /** From this repetition on the peer may have forgotten who this is. */
    private static final int DISTRUST = 2;

    private static final int SEPARATE_ANSWER_MILLIS = 60_000;
    private static final int ANSWERS_KEPT = 8;
    private static final int MIDS = 65_536;

    private final FleetLoop loop;
    private final FleetCounts counts;
    private final RandomGenerator random;
    private final Function<Request, Response> server;
    private final Map<Integer, byte[]> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
            return size() > ANSWERS_KEPT;
        }
    };
    private Wire wire;
    private int lastMid;
    private int lastToken;
    private Exchange current;
    private int currentMid;
    private Token currentToken;
    private boolean notifies;
    private FleetLoop.Timer timer;
    private boolean closed;

    /** @param server answers the peer's requests */
    CoapLine(FleetLoop loop, FleetCounts counts, RandomGenerator random, Function<Request, Response> server) {
        this.loop = loop;
        this.counts = counts;
        this.random = random;
        this.server = server;
        this.lastMid = random.nextInt(MIDS);
        this.lastToken = random.nextInt();
    }

    /** Once, before anything else. */
    void attach(Wire wire) {
        this.wire = wire;
    }

    boolean isBusy() {
        return current != null;
    }

    /** Asks; only while it is not busy. */
    void ask(Exchange exchange) {
        current = exchange;
        byte[] datagram = message();
        wire.send(datagram);
        repeatLater(datagram, 1, ACK_TIMEOUT_MILLIS + random.nextInt(ACK_RANDOM_MILLIS));
    }

    /** What is being asked, with a number and token of its own. */
    private byte[] message() {
        Message message = current.message().get();
        currentMid = nextMid();
        message.setType(Type.CON);
        message.setMID(currentMid);
        notifies = message instanceof Response;
        if (notifies) {
            // Its token is that of the observation.
            currentToken = null;
        } else {
            lastToken++;
            currentToken = new Token(new byte[] {
                (byte) (lastToken >> 24), (byte) (lastToken >> 16), (byte) (lastToken >> 8), (byte) lastToken
            });
            message.setToken(currentToken);
        }
        return SERIALIZER.getByteArray(message);
    }

    private int nextMid() {
        lastMid = (lastMid + 1) % MIDS;
        return lastMid;
    }

    private void repeatLater(byte[] datagram, int times, int millis) {
        timer = loop.after(millis, () -> {
            if (times > MAX_RETRANSMIT) {
                finish(Optional.empty());
                return;
            }
            counts.retransmissions.increment();
            // Numbers hold in one DTLS session (RFC 7252, 9.1.1): the peer answers a repetition where it was asked
            // first.
            byte[] next = times >= DISTRUST && wire.renew() ? message() : datagram;
            wire.send(next);
            repeatLater(next, times + 1, 2 * millis);
        });
    }

    private void finish(Optional<Message> answer) {
        Exchange done = current;
        timer.cancel();
        current = null;
        done.answered().accept(answer);
    }

    /** What has come from the peer; nothing any more when it is closed. */
    void receive(byte[] datagram) {
        if (closed) {
            return;
        }
        Message message;
        try {
            message = PARSER.parseMessage(datagram);
        } catch (MessageFormatException e) {
            LOG.warn("the gateway sent what is no CoAP message: {}", e.getMessage());
            return;
        }
        if (message instanceof Request request) {
            answer(request);
        } else if (message instanceof Response response) {
            answered(response);
        } else {
            empty(message);
        }
    }

    private void answer(Request request) {
        byte[] datagram = answers.get(request.getMID());
        if (datagram == null) {
            Response response = server.apply(request);
            response.setType(request.isConfirmable() ? Type.ACK : Type.NON);
            response.setMID(request.isConfirmable() ? request.getMID() : nextMid());
            response.setToken(request.getToken());
            datagram = SERIALIZER.getByteArray(response);
            answers.put(request.getMID(), datagram);
        }
        wire.send(datagram);
    }

    private void answered(Response response) {
        if (response.isConfirmable()) {
            empty(Type.ACK, response.getMID());
        }
        boolean mine = current != null
                && response.getToken().equals(currentToken)
                && (response.getType() != Type.ACK || response.getMID() == currentMid);
        if (mine) {
            finish(Optional.of(response));
        }
        // Another one is the answer to a repetition of what was answered before.
    }

    private void empty(Message message) {
        boolean mine = current != null && message.getMID() == currentMid;
        if (message.getType() == Type.CON) {
            // A CoAP ping.
            empty(Type.RST, message.getMID());
        } else if (message.getType() == Type.RST && mine) {
            finish(Optional.empty());
        } else if (message.getType() == Type.ACK && mine && notifies) {
            finish(Optional.of(message));
        } else if (message.getType() == Type.ACK && mine) {
            timer.cancel();
            timer = loop.after(SEPARATE_ANSWER_MILLIS, () -> finish(Optional.empty()));
        }
    }

    private void empty(Type type, int mid) {
        EmptyMessage message = new EmptyMessage(type);
        message.setMID(mid);
        message.setToken(Token.EMPTY);
        wire.send(SERIALIZER.getByteArray(message));
    }

    /** Gives up what is being asked, and closes the wire. */
    void close() {
        closed = true;
        if (current != null) {
            finish(Optional.empty());
        }
        if (wire != null) {
            wire.close();
        }
    }
}
