package city.canopy.gateway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A gateway is stopped while its devices go on speaking. */
class CloseTest {
    private static final String PAYLOAD = "[{\"bn\":\"/3303/0/5700\",\"v\":1}]";

    private final List<String> rejected = new CopyOnWriteArrayList<>();
    private final Logger californium = (Logger) LoggerFactory.getLogger("org.eclipse.californium");
    /** Keeps what a pool of threads refused, at whichever level it is told. */
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.WARN)) {
                rejected.add(event.getLoggerName() + ": " + event.getFormattedMessage());
            }
        }
    };

    @BeforeEach
    void listen() {
        log.start();
        californium.setAdditive(false);
        californium.setLevel(Level.DEBUG);
        californium.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        californium.detachAppender(log);
        californium.setLevel(null);
        californium.setAdditive(true);
    }

    @Test
    void whatHasComeIsAnsweredAndWhatComesMeanwhileIsNoError() throws Exception {
        LwM2mWorld world = new LwM2mWorld().device("probe", "probe").start();
        AtomicBoolean ends = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread speaker = new Thread(() -> speak(URI.create(world.coap()), ends, sent), "speaker");
        try (ThinDevice device = new ThinDevice(world.coap())) {
            assertThat(device.register("probe").isSuccess()).isTrue();
            world.store.hold();
            CompletableFuture<CoapResponse> answer = device.sendLater(PAYLOAD, ContentFormat.SENML_JSON_CODE);
            world.store.next();
            speaker.start();
            LwM2mWorld.until("many were sent", () -> sent.get() > 500);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(world::close);
            world.store.release();
            assertThat(answer.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(ResponseCode.CHANGED);
            closed.get(20, TimeUnit.SECONDS);
        } finally {
            ends.set(true);
            speaker.join();
        }
        assertThat(rejected).isEmpty();
    }

    @Test
    void whatTheDiskTakesTooLateIsNotAnsweredAndIsNoError() throws Exception {
        LwM2mWorld world = new LwM2mWorld().device("probe", "probe").start();
        try (ThinDevice device = new ThinDevice(world.coap())) {
            assertThat(device.register("probe").isSuccess()).isTrue();
            world.store.hold();
            CompletableFuture<CoapResponse> answer = device.sendLater(PAYLOAD, ContentFormat.SENML_JSON_CODE);
            world.store.next();
            world.close();
            world.store.release();
            assertThat(world.count("sends")).isEqualTo(1);
            assertThat(answer).isNotDone();
        }
        assertThat(rejected).isEmpty();
    }

    /** Confirmable Sends without an end, each of an exchange of its own, answered or not. */
    private static void speak(URI gateway, AtomicBoolean ends, AtomicInteger sent) {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress to = new InetSocketAddress(gateway.getHost(), gateway.getPort());
            while (!ends.get()) {
                int number = sent.incrementAndGet();
                Request request = new Request(Code.POST, Type.CON);
                request.setMID(number & 0xFFFF);
                request.setToken(new byte[] {(byte) (number >> 8), (byte) number});
                request.getOptions().addUriPath("dp").setContentFormat(ContentFormat.SENML_JSON_CODE);
                request.setPayload(PAYLOAD.getBytes(UTF_8));
                byte[] bytes = new UdpDataSerializer().getByteArray(request);
                socket.send(new DatagramPacket(bytes, bytes.length, to));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
