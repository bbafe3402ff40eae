package city.canopy.gateway.lwm2m;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.coap.option.BlockOption;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;

/**
 * A device that is one socket and no LwM2M library, with the habits of small clients written in C: it answers what it knows in
 * one format of its own, attributes and writes alike, and is silent about methods that it never heard of (FETCH).
 */
final class PlainDevice implements AutoCloseable {
    private static final int OBSERVE = 0;

    private final DatagramSocket socket;
    private final InetSocketAddress gateway;
    private final Map<String, Content> contents = new ConcurrentHashMap<>();
    private final Map<String, Token> observed = new ConcurrentHashMap<>();
    final BlockingQueue<Message> answers = new LinkedBlockingQueue<>();
    private final AtomicInteger numbers = new AtomicInteger(1_000);
    private final AtomicInteger sequence = new AtomicInteger();

    /** What it was asked, one line each, in order: {@code PUT /3303/0/5700?pmin=5}. */
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /** What it was written last. */
    volatile byte[] written = {};

    /** The format of that. */
    volatile int writtenFormat = -1;

    /** Methods that it does not answer. */
    final Set<Code> silentAbout = ConcurrentHashMap.newKeySet();

    /** Whether it refuses attributes, as those that contradict each other. */
    volatile boolean refusesAttributes;

    /** How it answers writes; null where it does them. */
    volatile ResponseCode refusesWrites;

    /** How many bytes of an answer go into one block; 0 for all of it. */
    volatile int blockSize;

    /** What a path answers, in no format that is named where that is under 0. */
    record Content(int format, byte[] payload) {}

    PlainDevice(String coap) throws IOException {
        URI uri = URI.create(coap);
        gateway = new InetSocketAddress(uri.getHost(), uri.getPort());
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        silentAbout.add(Code.FETCH);
        Thread thread = new Thread(this::listen, "plain-device");
        thread.setDaemon(true);
        thread.start();
    }

    void set(String path, int format, byte[] payload) {
        contents.put(path, new Content(format, payload));
    }

    boolean isObserved(String path) {
        return observed.containsKey(path);
    }

    /** A request as it is to go out. */
    Request request(Code code, List<String> path, List<String> query, int format, byte[] payload) {
        Request request = new Request(code, Type.CON);
        path.forEach(request.getOptions()::addUriPath);
        query.forEach(request.getOptions()::addUriQuery);
        if (format >= 0) {
            request.getOptions().setContentFormat(format);
        }
        request.setPayload(payload);
        return request;
    }

    /** Sends it, and gives the answer; fails when none comes. */
    Response ask(Request request) throws Exception {
        request.setMID(numbers.incrementAndGet());
        request.setToken(new byte[] {(byte) 0xCA, (byte) request.getMID()});
        send(request);
        return (Response) answer();
    }

    /** Sends the same message once more, and gives the answer. */
    Response again(Request request) throws Exception {
        send(request);
        return (Response) answer();
    }

    /** Asks block by block, as a client with little memory does. */
    Response askInBlocks(Code code, List<String> path, List<String> query, int format, byte[] payload, int szx)
            throws Exception {
        int size = 1 << szx + 4;
        Response last = null;
        for (int from = 0, block = 0; from < payload.length; from += size, block++) {
            boolean more = from + size < payload.length;
            byte[] part = Arrays.copyOfRange(payload, from, Math.min(from + size, payload.length));
            Request request = request(code, path, query, format, part);
            request.getOptions().setBlock1(szx, more, block);
            last = ask(request);
            if (more && last.getCode() != ResponseCode.CONTINUE) {
                return last;
            }
        }
        return last;
    }

    /** An empty confirmable message; gives its answer, which CoAP says is a reset. */
    Message ping() throws Exception {
        EmptyMessage ping = new EmptyMessage(Type.CON);
        ping.setMID(numbers.incrementAndGet());
        send(ping);
        return answer();
    }

    private Message answer() throws InterruptedException {
        Message answer = answers.poll(10, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("the gateway does not answer");
        }
        return answer;
    }

    /** Says what is new at a path. */
    void say(String path, Type type) throws IOException {
        Response notification = answer(path, type, numbers.incrementAndGet(), observed.get(path));
        notification.getOptions().setObserve(sequence.incrementAndGet());
        send(notification);
    }

    private Response answer(String path, Type type, int number, Token token) {
        Content content = contents.get(path);
        Response response = new Response(content == null ? ResponseCode.NOT_FOUND : ResponseCode.CONTENT);
        response.setType(type);
        response.setMID(number);
        response.setToken(token);
        if (content != null) {
            if (content.format() >= 0) {
                response.getOptions().setContentFormat(content.format());
            }
            response.setPayload(content.payload());
        }
        return response;
    }

    private void send(Message message) throws IOException {
        byte[] bytes = new UdpDataSerializer().getByteArray(message);
        socket.send(new DatagramPacket(bytes, bytes.length, gateway));
    }

    private void listen() {
        byte[] buffer = new byte[2_048];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message message = new UdpDataParser().parseMessage(Arrays.copyOf(buffer, packet.getLength()));
                if (message instanceof Request request) {
                    serve(request);
                } else if (message instanceof Response || message.getType() == Type.RST) {
                    // The acknowledgement of a notification is empty, and nobody waits for it.
                    answers.add(message);
                }
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private void serve(Request request) throws IOException {
        String path = "/" + request.getOptions().getUriPathString();
        String query = request.getOptions().getUriQueryString();
        asked.add(request.getCode() + " " + path + (query.isEmpty() ? "" : "?" + query));
        if (request.getCode() == Code.FETCH) {
            observed.put("/", request.getToken());
        }
        if (silentAbout.contains(request.getCode())) {
            return;
        }
        if (request.getCode() == Code.GET) {
            Response response = answer(path, Type.ACK, request.getMID(), request.getToken());
            cut(response, request.getOptions().getBlock2());
            Integer observe = request.getOptions().getObserve();
            if (observe != null && observe == OBSERVE) {
                observed.put(path, request.getToken());
                response.getOptions().setObserve(sequence.incrementAndGet());
            }
            send(response);
            return;
        }
        if (request.getCode() == Code.PUT && query.isEmpty()) {
            written = request.getPayload();
            writtenFormat = request.getOptions().getContentFormat();
        }
        boolean refused = refusesAttributes && request.getCode() == Code.PUT && !query.isEmpty();
        if (request.getCode() == Code.PUT && query.isEmpty() && refusesWrites != null) {
            answer(request, new Response(refusesWrites));
            return;
        }
        boolean creates = request.getCode() == Code.POST && path.lastIndexOf('/') == 0;
        Response done = new Response(
                refused
                        ? ResponseCode.BAD_REQUEST
                        : creates
                                ? ResponseCode.CREATED
                                : request.getCode() == Code.DELETE ? ResponseCode.DELETED : ResponseCode.CHANGED);
        if (creates) {
            done.getOptions().addLocationPath(path.substring(1)).addLocationPath("12");
        }
        answer(request, done);
    }

    private void answer(Request request, Response response) throws IOException {
        response.setType(Type.ACK);
        response.setMID(request.getMID());
        response.setToken(request.getToken());
        send(response);
    }

    /** Leaves one block of an answer, the first one unless another is asked for. */
    private void cut(Response response, BlockOption asked) {
        byte[] whole = response.getPayload();
        if (blockSize == 0 || whole.length <= blockSize) {
            return;
        }
        int number = asked == null ? 0 : asked.getNum();
        int from = number * blockSize;
        int to = Math.min(from + blockSize, whole.length);
        response.getOptions().setBlock2(BlockOption.size2Szx(blockSize), to < whole.length, number);
        response.setPayload(Arrays.copyOfRange(whole, from, to));
    }

    @Override
    public void close() {
        socket.close();
    }
}
