package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.CommandReply.State;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.leshan.core.ResponseCode;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks devices for the writes that follow others, until they have done them: a valve that does not answer, or refuses, is
 * asked again in half a minute, without an end. Any thread.
 */
final class LaterRequests {
    private static final Logger LOG = LoggerFactory.getLogger(LaterRequests.class);

    private final LaterWrites later;
    private final LwM2mMetrics metrics;
    private final Duration answer;
    private final Consumer<String> answered;

    /**
     * @param answer how long a device may take to answer
     * @param answered is told of each device that is free again
     */
    LaterRequests(LaterWrites later, LwM2mMetrics metrics, Duration answer, Consumer<String> answered) {
        this.later = later;
        this.metrics = metrics;
        this.answer = answer;
        this.answered = answered;
    }

    /** Asks for what is due. Never blocks; whoever made this is told when the device has answered, or has not. */
    void ask(LeshanServer server, LaterWrites.Later due, Registration registration) {
        try {
            ask(server, due, registration, DeviceRequests.of(due.write(), registration));
        } catch (RuntimeException e) {
            unanswered(due, e);
        }
    }

    private <T extends LwM2mResponse> void ask(
            LeshanServer server,
            LaterWrites.Later due,
            Registration registration,
            DownlinkDeviceManagementRequest<T> request) {
        server.send(
                registration,
                request,
                answer.toMillis(),
                response -> {
                    if (response.isSuccess()) {
                        LOG.info(
                                "{} of {} is {} again",
                                due.first().path(),
                                due.device(),
                                due.then().value());
                        metrics.later(LwM2mMetrics.Later.DONE);
                        later.remove(due, State.THEN_DONE, "");
                    } else {
                        refused(due, response);
                    }
                    answered.accept(due.device());
                },
                problem -> unanswered(due, problem));
    }

    private void refused(LaterWrites.Later due, LwM2mResponse response) {
        metrics.later(LwM2mMetrics.Later.REFUSED);
        LOG.warn(
                "{} refuses that its {} is written {} ({}); go and see to it",
                due.device(),
                due.first().path(),
                due.then().value(),
                response.getCode());
        if (response.getCode().equals(ResponseCode.NOT_FOUND)
                || response.getCode().equals(ResponseCode.METHOD_NOT_ALLOWED)) {
            // There is nothing that could be written.
            later.remove(due, State.THEN_FAILED, "the device answers " + response.getCode());
        } else {
            later.pause(due, "the device answers " + response.getCode());
        }
    }

    private void unanswered(LaterWrites.Later due, Exception problem) {
        LOG.warn("{} was not written to {}: {}", due.first().path(), due.device(), problem.getMessage());
        metrics.later(LwM2mMetrics.Later.UNANSWERED);
        later.pause(due, "the device does not answer");
        answered.accept(due.device());
    }
}
