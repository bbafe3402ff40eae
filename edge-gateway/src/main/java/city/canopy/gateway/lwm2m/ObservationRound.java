package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.Observation;
import city.canopy.devices.model.DeviceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.request.LowerLayerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of one device, one request after the other and without a waiting thread. Run once. */
final class ObservationRound {
    private static final Logger LOG = LoggerFactory.getLogger(ObservationRound.class);
    private static final long ANSWER_MILLIS = 60_000;

    private final LeshanServer server;
    private final Registration registration;
    private final ObservationPlan plan;
    private final boolean isNew;
    private final Duration answer;
    private final Listener listener;
    private boolean isSilentAboutComposite;
    private final Deque<Runnable> steps = new ArrayDeque<>();

    /** Who hears what comes of a round. */
    interface Listener {
        /** What the device holds, to an observation that was set up or a read. */
        void content(ObservationRound round, String path, Response response);

        /**
         * The device will not do what its profile wants.
         *
         * @param what for the log, after the path and the device
         */
        void refused(Refusal refusal, String what);

        /** A device that is silent about a composite observation answers single ones. */
        void observedSingly(ObservationRound round);

        /** All was asked. Last. */
        void finished(ObservationRound round);

        /** The device has fallen silent. Last. */
        void stopped(ObservationRound round);
    }

    /**
     * @param isNew whether the plan is to be observed; what is observed is read once otherwise
     * @param answer how long a device may take to answer a composite observation before it is observed one by one
     */
    ObservationRound(
            LeshanServer server,
            Registration registration,
            ObservationPlan plan,
            boolean isNew,
            Duration answer,
            Listener listener) {
        this.server = server;
        this.registration = registration;
        this.plan = plan;
        this.isNew = isNew;
        this.answer = answer;
        this.listener = listener;
    }

    Registration registration() {
        return registration;
    }

    ObservationPlan plan() {
        return plan;
    }

    boolean isNew() {
        return isNew;
    }

    /**
     * Asks for the first; the rest follows by itself.
     *
     * @param isSingleOnly whether nothing composite is asked of this device
     * @param kept what is observed now
     */
    void run(boolean isSingleOnly, Collection<org.eclipse.leshan.core.observation.Observation> kept) {
        if (isNew) {
            observe(isSingleOnly, kept);
        } else {
            read();
        }
        next();
    }

    private void observe(boolean isSingleOnly, Collection<org.eclipse.leshan.core.observation.Observation> kept) {
        Set<LwM2mPath> paths = new HashSet<>();
        plan.wanted().forEach(observation -> paths.add(new LwM2mPath(observation.path())));
        for (var each : kept) {
            if (!(each instanceof SingleObservation single) || !paths.contains(single.getPath())) {
                server.getObservationService().cancelObservation(each);
            }
        }
        for (Observation observation : plan.wanted()) {
            ObservationPlan.attributes(observation)
                    .ifPresent(attributes -> steps.add(() -> ask(
                            observation.path(),
                            new WriteAttributesRequest(observation.path(), attributes),
                            content -> {})));
        }
        List<LwM2mPath> composite = isSingleOnly ? List.of() : plan.composite(registration);
        if (!composite.isEmpty()) {
            steps.add(() -> composite(composite));
        }
        for (Observation observation : plan.wanted()) {
            if (!composite.contains(new LwM2mPath(observation.path()))) {
                steps.add(() -> observe(observation.path()));
            }
        }
    }

    private void observe(String path) {
        ask(path, new ObserveRequest(path), content -> {
            if (isSilentAboutComposite) {
                listener.observedSingly(this);
            }
            listener.content(this, path, content);
        });
    }

    /**
     * A device that does not speak it, and refuses it, is asked for each resource alone. So is one that says nothing at
     * all, as Wakaama does to a method that it does not know, but only when CoAP has given up: a slow radio may take
     * most of that time, and would be observed twice.
     */
    private void composite(List<LwM2mPath> paths) {
        ContentFormat format = registration.getSupportedContentFormats().contains(ContentFormat.SENML_CBOR)
                ? ContentFormat.SENML_CBOR
                : ContentFormat.SENML_JSON;
        send(
                new ObserveCompositeRequest(format, format, paths),
                answer.toMillis(),
                response -> {
                    if (response.isSuccess()) {
                        listener.content(this, "/", response);
                    } else {
                        oneByOne(paths);
                    }
                    next();
                },
                problem -> {
                    LOG.debug("{} is silent about a composite observation", registration.getEndpoint());
                    isSilentAboutComposite = true;
                    oneByOne(paths);
                    next();
                });
    }

    private void oneByOne(List<LwM2mPath> paths) {
        paths.forEach(path -> steps.add(() -> observe(path.toString())));
    }

    private void read() {
        plan.wanted()
                .forEach(observation -> steps.add(() -> ask(
                        observation.path(),
                        new ReadRequest(observation.path()),
                        content -> listener.content(this, observation.path(), content))));
    }

    /** Refusals of single paths are the device's word: it has not what the profile wants, or not in that way. */
    private <T extends LwM2mResponse> void ask(
            String path, DownlinkDeviceManagementRequest<T> request, Consumer<Response> onContent) {
        send(
                request,
                ANSWER_MILLIS,
                response -> {
                    if (response.isSuccess()) {
                        onContent.accept(response);
                    } else {
                        Refusal.Kind kind = request instanceof WriteAttributesRequest
                                ? Refusal.Kind.ATTRIBUTES
                                : Refusal.Kind.OBSERVE;
                        listener.refused(
                                new Refusal(
                                        new DeviceId(registration.getEndpoint()), kind, path, response.getCode().text),
                                "is refused (" + response.getCode() + ", " + request + "); mend its profile");
                    }
                    next();
                },
                this::stop);
    }

    /** What Leshan cannot read goes on as it is, for the service reads more; one such answer must not end all others. */
    private <T extends LwM2mResponse> void send(
            DownlinkDeviceManagementRequest<T> request,
            long millis,
            Consumer<Response> onAnswer,
            Consumer<Exception> onSilence) {
        AtomicReference<Response> raw = new AtomicReference<>();
        LowerLayerConfig listen = lower -> ((Request) lower).addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                raw.compareAndSet(null, response);
            }
        });
        try {
            server.send(
                    registration,
                    request,
                    listen,
                    millis,
                    response -> onAnswer.accept((Response) response.getCoapResponse()),
                    problem -> {
                        if (raw.get() != null) {
                            onAnswer.accept(raw.get());
                        } else {
                            onSilence.accept(problem);
                        }
                    });
        } catch (RuntimeException e) {
            // Asleep, or gone, since the last step.
            stop(e);
        }
    }

    private void next() {
        Runnable step = steps.poll();
        if (step != null) {
            step.run();
            return;
        }
        listener.finished(this);
    }

    private void stop(Exception problem) {
        LOG.debug("{} does not answer: {}", registration.getEndpoint(), problem.getMessage());
        listener.stopped(this);
    }
}
