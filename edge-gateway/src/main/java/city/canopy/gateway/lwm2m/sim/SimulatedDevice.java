package city.canopy.gateway.lwm2m.sim;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;

/** One device: registers, stays registered, and sends or notifies what it is given, one after the other. On the fleet's thread. */
final class SimulatedDevice {
    /** The most Sends of a device that wait; further ones are refused. */
    static final int MAX_WAITING = 100;

    /** Numbers of notifications have 24 bits. */
    private static final int OBSERVE_NUMBERS = 1 << 24;

    private static final int SEND_TRIES = 3;
    private static final int AGAIN_MILLIS = 2_000;
    private static final int AGAIN_RANDOM_MILLIS = 3_000;

    private final Member member;
    private final FleetLoop loop;
    private final FleetCounts counts;
    private final RandomGenerator random;
    private final Duration lifetime;
    private final Resources resources;
    private final CoapLine line;
    private final Deque<Exchange> waiting = new ArrayDeque<>();
    private final List<CompletableFuture<Boolean>> whenRegistered = new ArrayList<>();
    private String location;
    private FleetLoop.Timer update;
    private int notifications;
    private boolean started;
    private boolean pausing;
    private boolean closed;

    SimulatedDevice(Member member, Duration lifetime, FleetLoop loop, FleetCounts counts, RandomGenerator random) {
        this.member = member;
        this.lifetime = lifetime;
        this.loop = loop;
        this.counts = counts;
        this.random = random;
        this.resources = new Resources(member.links());
        this.line = new CoapLine(loop, counts, random, resources::answer);
    }

    Member member() {
        return member;
    }

    CoapLine line() {
        return line;
    }

    Resources resources() {
        return resources;
    }

    /** Registers as after a power cut; completes when it is registered. */
    void register(CompletableFuture<Boolean> registered) {
        started = true;
        whenRegistered.add(registered);
        forgetRegistration();
        next();
    }

    /** @param done true when the gateway has taken it */
    void send(byte[] payload, CompletableFuture<Boolean> done) {
        if (closed || waiting.size() >= MAX_WAITING) {
            sent(false, done);
            return;
        }
        waiting.add(send(payload, done, 1));
        next();
    }

    private Exchange send(byte[] payload, CompletableFuture<Boolean> done, int tries) {
        return new Exchange(
                () -> {
                    Request request = request("dp");
                    request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_SENML_JSON);
                    request.setPayload(payload);
                    return request;
                },
                answer -> {
                    if (is(answer, ResponseCode.NOT_FOUND) && tries < SEND_TRIES) {
                        forgetRegistration();
                        waiting.addFirst(send(payload, done, tries + 1));
                    } else {
                        sent(is(answer, ResponseCode.CHANGED), done);
                    }
                    next();
                });
    }

    /**
     * Notifies of what is observed.
     *
     * @param done true when the gateway has acknowledged it; false also where nobody observes it
     */
    void notify(String resource, byte[] payload, CompletableFuture<Boolean> done) {
        if (closed
                || waiting.size() >= MAX_WAITING
                || resources.observedBy(resource).isEmpty()) {
            done.complete(false);
            return;
        }
        waiting.add(new Exchange(() -> notification(resource, payload), answer -> {
            done.complete(answer.isPresent());
            next();
        }));
        next();
    }

    private Response notification(String resource, byte[] payload) {
        Response response = new Response(ResponseCode.CONTENT);
        // An observation that has ended meanwhile is refused by the gateway, which is no answer.
        response.setToken(resources.observedBy(resource).orElse(Token.EMPTY));
        notifications = (notifications + 1) % OBSERVE_NUMBERS;
        response.getOptions().setObserve(notifications).setContentFormat(MediaTypeRegistry.APPLICATION_SENML_JSON);
        response.setPayload(payload);
        return response;
    }

    private void sent(boolean taken, CompletableFuture<Boolean> done) {
        (taken ? counts.acknowledged : counts.refused).increment();
        done.complete(taken);
    }

    private void next() {
        if (closed || !started || pausing || line.isBusy()) {
            return;
        }
        if (location == null) {
            line.ask(new Exchange(this::registration, this::registrationAnswered));
        } else if (!waiting.isEmpty()) {
            line.ask(waiting.poll());
        }
    }

    private Request registration() {
        Request request = request("rd");
        request.getOptions()
                .setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT)
                .addUriQuery("ep=" + member.id())
                .addUriQuery("lt=" + lifetime.toSeconds())
                .addUriQuery("lwm2m=1.1")
                .addUriQuery("b=U");
        request.setPayload(resources.links().getBytes(StandardCharsets.UTF_8));
        return request;
    }

    private static Request request(String path) {
        Request request = new Request(Code.POST);
        request.getOptions().setUriPath(path);
        return request;
    }

    private static boolean is(Optional<Message> answer, ResponseCode code) {
        return answer.isPresent() && answer.get() instanceof Response response && response.getCode() == code;
    }

    private void registrationAnswered(Optional<Message> answer) {
        if (!is(answer, ResponseCode.CREATED)) {
            // Refused, or nobody there: a device goes on trying.
            pausing = true;
            loop.after(AGAIN_MILLIS + random.nextInt(AGAIN_RANDOM_MILLIS), () -> {
                pausing = false;
                next();
            });
            return;
        }
        location = answer.orElseThrow().getOptions().getLocationPathString();
        counts.registered.incrementAndGet();
        updateLater();
        whenRegistered.forEach(each -> each.complete(true));
        whenRegistered.clear();
        next();
    }

    /** Some time before the registration ends, not all devices at once. */
    private void updateLater() {
        long millis = lifetime.toMillis();
        if (update != null) {
            update.cancel();
        }
        update = loop.after(millis * 6 / 10 + (long) (random.nextDouble() * millis * 3 / 10), () -> {
            waiting.addFirst(new Exchange(() -> request(location), this::updated));
            next();
        });
    }

    private void updated(Optional<Message> answer) {
        if (is(answer, ResponseCode.CHANGED)) {
            updateLater();
        } else {
            forgetRegistration();
        }
        next();
    }

    private void forgetRegistration() {
        resources.forgetObservations();
        if (location != null) {
            location = null;
            update.cancel();
            counts.registered.decrementAndGet();
        }
    }

    /** What was not answered is given up. The gateway keeps the registration until its lifetime ends. */
    void close() {
        closed = true;
        line.close();
        for (Exchange each = waiting.poll(); each != null; each = waiting.poll()) {
            each.answered().accept(Optional.empty());
        }
        whenRegistered.forEach(each -> each.complete(false));
        whenRegistered.clear();
    }
}
