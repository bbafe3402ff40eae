package city.canopy.gateway.lwm2m.sim;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.Message;

/**
 * Something that a device asks of its gateway, or notifies it of.
 *
 * @param message makes it, at the time when it goes out: a request, or a response that notifies
 * @param answered is given the answer, which is an empty acknowledgement for what notifies; empty when none came
 */
record Exchange(Supplier<? extends Message> message, Consumer<Optional<Message>> answered) {}
