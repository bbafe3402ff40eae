package city.canopy.gateway.lwm2m;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;

/**
 * Stands before Leshan's resources and looks at registrations alone. Leshan can only refuse one as forbidden, which devices
 * take for good: where there is no room the answer is 5.03 here, with the time to try again. And Leshan wants a version,
 * which LwM2M 1.0 leaves out at will: without one it is 1.0. A name that is empty, at which Leshan fails, is refused. Any
 * thread.
 */
final class RegistrationDoor implements MessageDeliverer {
    /** The time after which a device that found no room is to try again. */
    static final int RETRY_SECONDS = 60;

    private static final String NAME = "ep=";
    private static final String VERSION = "lwm2m=";

    private final MessageDeliverer next;
    private volatile boolean closed;
    private final Predicate<String> hasNoRoom;

    /** @param hasNoRoom whether the device of this endpoint name is one too many; counts it when it is */
    RegistrationDoor(MessageDeliverer next, Predicate<String> hasNoRoom) {
        this.next = next;
        this.hasNoRoom = hasNoRoom;
    }

    /** From now on requests are left unanswered, as if the gateway were gone: devices repeat them. */
    void close() {
        closed = true;
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        if (closed) {
            return;
        }
        Request request = exchange.getRequest();
        OptionSet options = request.getOptions();
        if (request.getCode() == Code.POST && options.getUriPathString().equals("rd")) {
            List<String> queries = List.of(options.getUriQueryString().split("&"));
            Optional<String> name = queries.stream()
                    .filter(each -> each.startsWith(NAME))
                    .map(each -> each.substring(NAME.length()))
                    .findFirst();
            if (name.filter(String::isEmpty).isPresent()) {
                exchange.sendResponse(noName());
                return;
            }
            if (name.isPresent() && hasNoRoom.test(name.get())) {
                exchange.sendResponse(noRoom());
                return;
            }
            if (queries.stream().noneMatch(each -> each.startsWith(VERSION))) {
                options.addUriQuery(VERSION + "1.0");
            }
        }
        next.deliverRequest(exchange);
    }

    private static Response noName() {
        Response response = new Response(ResponseCode.BAD_REQUEST);
        response.setPayload("ep is empty: it is the device's id, or is left out where a key says it");
        return response;
    }

    private static Response noRoom() {
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
        response.getOptions().setMaxAge(RETRY_SECONDS);
        response.setPayload("as many devices are registered as may be; try again".getBytes(StandardCharsets.UTF_8));
        return response;
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        next.deliverResponse(exchange, response);
    }
}
