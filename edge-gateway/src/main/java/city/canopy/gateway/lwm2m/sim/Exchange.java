package city.canopy.gateway.lwm2m.sim;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/**
 * Something that a device asks of its gateway.
 *
 * @param request makes it, at the time when it goes out
 * @param answered is given the answer; empty when none came
 */
record Exchange(Supplier<Request> request, Consumer<Optional<Response>> answered) {}
