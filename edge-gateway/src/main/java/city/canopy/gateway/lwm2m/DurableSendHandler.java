package city.canopy.gateway.lwm2m;

import city.canopy.devices.model.DeviceId;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import city.canopy.gateway.store.StoreFullException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.registration.UpdatedRegistration;
import org.eclipse.leshan.transport.californium.LwM2mCoapResource;
import org.eclipse.leshan.transport.californium.identity.IdentityHandlerProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the Sends of devices at {@code /dp}, in place of Leshan's own resource, which answers before its listeners know.
 * Here 2.04 means that the payload, untouched, is safe on disk; a full store answers 5.03 with the time to try again. No
 * thread waits meanwhile: the answer goes out when the store is done. What a payload means is not looked at.
 */
final class DurableSendHandler extends LwM2mCoapResource {
    /** What LwM2M 1.1 sends in, by number. */
    private static final Map<Integer, String> FORMATS = Map.of(
            ContentFormat.SENML_JSON_CODE, "application/senml+json",
            ContentFormat.SENML_CBOR_CODE, "application/senml+cbor");

    private static final Logger LOG = LoggerFactory.getLogger(DurableSendHandler.class);
    private static final int RETRY_SECONDS = 60;
    private static final long CLOSE_NANOS = 2_000_000_000L;
    private static final long CLOSE_STEP_NANOS = 5_000_000L;

    private final KeptRegistrations registrations;
    private final DirectorySecurity security;
    private final Inlet inlet;
    private final Wakes wakes;
    private final LwM2mMetrics metrics;
    private final Set<CompletableFuture<Long>> underWay = ConcurrentHashMap.newKeySet();
    /** Answers that are not out yet; one that never gets out makes closing longer, and no more. */
    private final AtomicInteger unsent = new AtomicInteger();

    private volatile boolean closed;

    DurableSendHandler(
            IdentityHandlerProvider identities,
            KeptRegistrations registrations,
            DirectorySecurity security,
            Inlet inlet,
            Wakes wakes,
            LwM2mMetrics metrics) {
        super("dp", identities);
        this.registrations = registrations;
        this.security = security;
        this.inlet = inlet;
        this.wakes = wakes;
        this.metrics = metrics;
    }

    /** Is told of every device that has just been heard. */
    interface Wakes {
        void heard(Registration registration);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        IpPeer sender =
                getForeignPeerIdentity(exchange.advanced(), exchange.advanced().getRequest());
        Registration registration = registrations.getRegistrationByIdentity(sender.getIdentity());
        if (registration == null) {
            refuse(exchange, ResponseCode.NOT_FOUND, Refused.UNREGISTERED, "not registered; register first");
            return;
        }
        Optional<Refused> refused = security.refusal(registration.getEndpoint(), sender);
        if (refused.isPresent()) {
            refuse(exchange, ResponseCode.FORBIDDEN, refused.get(), "not allowed");
            return;
        }
        String format = FORMATS.get(exchange.getRequestOptions().getContentFormat());
        if (format == null) {
            refuse(
                    exchange,
                    ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                    Refused.FORMAT,
                    "a Send is SenML in JSON (110) or CBOR (112)");
            return;
        }
        Message message =
                new Message(new DeviceId(registration.getEndpoint()), "/lwm2m", format, exchange.getRequestPayload());
        CompletableFuture<Long> kept = inlet.append(message);
        underWay.add(kept);
        kept.whenComplete((number, problem) -> {
            answer(exchange, problem);
            underWay.remove(kept);
        });
        wakes.heard(at(sender, registration));
    }

    private void answer(CoapExchange exchange, Throwable problem) {
        if (problem == null) {
            metrics.send();
        }
        if (closed) {
            // There is nobody left to send it; the device repeats what it said.
            return;
        }
        if (problem != null) {
            refuse(exchange, problem);
            return;
        }
        Response response = new Response(ResponseCode.CHANGED);
        unsent.incrementAndGet();
        response.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onSent(boolean again) {
                if (!again) {
                    unsent.decrementAndGet();
                }
            }
        });
        exchange.respond(response);
    }

    /**
     * Waits for the disk to take what has come, so that it is answered, and for two seconds at most; nothing is answered
     * from then on. To be called when nothing comes any more.
     */
    void close() {
        long end = System.nanoTime() + CLOSE_NANOS;
        while ((!underWay.isEmpty() || unsent.get() > 0) && System.nanoTime() < end) {
            LockSupport.parkNanos(CLOSE_STEP_NANOS);
        }
        closed = true;
    }

    /** A device that has proven who it is may have moved to another address; it is asked there from now on. */
    private Registration at(IpPeer sender, Registration registration) {
        if (sender.getSocketAddress().equals(registration.getSocketAddress())) {
            return registration;
        }
        UpdatedRegistration moved = registrations.updateRegistration(new RegistrationUpdate(
                registration.getId(), sender, null, null, null, null, null, null, null, null, null, null));
        return moved == null ? registration : moved.getUpdatedRegistration();
    }

    private void refuse(CoapExchange exchange, ResponseCode code, Refused cause, String detail) {
        metrics.refused(cause);
        exchange.respond(code, detail);
    }

    private void refuse(CoapExchange exchange, Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        if (!(cause instanceof StoreFullException)) {
            LOG.warn("a Send could not be kept: {}", cause.getMessage());
        }
        metrics.refused(cause instanceof StoreFullException ? Refused.FULL : Refused.STORE);
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
        response.getOptions().setMaxAge(RETRY_SECONDS);
        response.setPayload("there is no room; try again".getBytes(StandardCharsets.UTF_8));
        exchange.respond(response);
    }
}
