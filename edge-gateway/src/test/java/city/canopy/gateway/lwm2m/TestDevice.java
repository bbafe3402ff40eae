package city.canopy.gateway.lwm2m;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.engine.DefaultClientEndpointNameProvider;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mObjectTree;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.send.ManualDataSender;
import org.eclipse.leshan.client.send.NoDataException;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.ResponseCode;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.response.SendResponse;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** A real Leshan client. */
final class TestDevice implements AutoCloseable {
    private final LeshanClient client;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private TestDevice(LeshanClient client) {
        this.client = client;
    }

    /** What it is made of. */
    static final class Builder {
        private final String endpoint;
        private final Security security;
        private final Map<Integer, List<Sensor>> sensors = new java.util.TreeMap<>();
        private final Map<Integer, LwM2mInstanceEnabler> others = new java.util.TreeMap<>();
        private final List<ObjectModel> models = new ArrayList<>(ObjectModels.standard());
        private boolean queueMode;
        private boolean reconnects;
        private DefaultClientEndpointNameProvider.Mode naming = DefaultClientEndpointNameProvider.Mode.ALWAYS;
        private ContentFormat format;

        Builder(String endpoint, Security security) {
            this.endpoint = endpoint;
            this.security = security;
            with(3, device());
        }

        /** The object that every device has. */
        static Sensor device() {
            return new Sensor(0, Map.of(0, "Canopy", 9, 88L, 11, Map.of(0, 0L), 16, "U"));
        }

        Builder with(int object, Sensor... instances) {
            sensors.put(object, List.of(instances));
            return this;
        }

        /** An object that Canopy's table does not have. */
        Builder with(List<ObjectModel> model, LwM2mInstanceEnabler instance) {
            models.addAll(model);
            others.put(model.get(0).id, instance);
            return this;
        }

        Builder sleepy() {
            queueMode = true;
            return this;
        }

        /** Its key or certificate says who it is, and its registration does not. */
        Builder nameless() {
            naming = DefaultClientEndpointNameProvider.Mode.NEVER;
            return this;
        }

        /** It shakes hands anew for each update. */
        Builder reconnecting() {
            reconnects = true;
            return this;
        }

        Builder speaking(ContentFormat only) {
            format = only;
            return this;
        }

        TestDevice start() {
            ObjectsInitializer objects = new ObjectsInitializer(new StaticModel(models));
            objects.setInstancesForObject(0, security);
            objects.setInstancesForObject(1, new Server(1, 300, EnumSet.of(BindingMode.U), false, BindingMode.U));
            sensors.forEach((object, instances) -> {
                objects.setFactoryForObject(object, Sensor.FACTORY);
                objects.setInstancesForObject(object, instances.toArray(LwM2mInstanceEnabler[]::new));
                if (format != null) {
                    objects.setDefaultContentFormat(object, format);
                }
            });
            others.forEach((object, instance) -> objects.setInstancesForObject(object, instance));
            DefaultRegistrationEngineFactory engine = new DefaultRegistrationEngineFactory();
            engine.setQueueMode(queueMode);
            engine.setRequestTimeoutInMs(3_000);
            engine.setReconnectOnUpdate(reconnects);
            LeshanClientBuilder builder =
                    new LeshanClientBuilder(new DefaultClientEndpointNameProvider(endpoint, naming));
            builder.setDataSenders(new ManualDataSender());
            builder.setObjects(new ArrayList<>(objects.createAll()));
            builder.setRegistrationEngineFactory(engine);
            builder.setEndpointsProviders(new CaliforniumClientEndpointsProvider.Builder(
                            new CoapClientProtocolProvider(), new CoapsClientProtocolProvider())
                    .setClientAddress(InetAddress.getLoopbackAddress())
                    .build());
            TestDevice device = new TestDevice(builder.build());
            device.client.addObserver(device.new Ears());
            device.client.start();
            return device;
        }
    }

    private final class Ears extends LwM2mClientObserverAdapter {
        @Override
        public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String id) {
            events.add("registered");
        }

        @Override
        public void onRegistrationFailure(
                LwM2mServer server, RegisterRequest request, ResponseCode code, String message, Exception cause) {
            events.add("refused " + (code == null ? "without an answer" : code.toString()));
        }

        @Override
        public void onRegistrationTimeout(LwM2mServer server, RegisterRequest request) {
            events.add("refused without an answer");
        }

        @Override
        public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
            events.add("updated");
        }

        @Override
        public void onUpdateFailure(
                LwM2mServer server, UpdateRequest request, ResponseCode code, String message, Exception cause) {
            events.add("update refused " + code);
        }
    }

    /** What happens next to its registration. */
    String next() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    TestDevice registered() throws InterruptedException {
        String event = next();
        if (!event.equals("registered")) {
            throw new AssertionError("not registered but " + event);
        }
        return this;
    }

    void update() {
        client.triggerRegistrationUpdate();
    }

    /** Sends resources; completes with the answer. */
    CompletableFuture<SendResponse> send(ContentFormat format, String... paths) {
        CompletableFuture<SendResponse> answer = new CompletableFuture<>();
        LwM2mServer server = client.getRegisteredServers().values().iterator().next();
        client.getSendService()
                .sendData(server, format, List.of(paths), 30_000, answer::complete, answer::completeExceptionally);
        return answer;
    }

    /** Remembers what resources hold now, for {@link #sendCollected}. */
    void collect(String path) {
        collected().collectData(List.of(new LwM2mPath(path)));
    }

    /** Sends all that was collected, with the times. */
    void sendCollected(ContentFormat format) throws NoDataException {
        collected()
                .sendCollectedData(
                        client.getRegisteredServers().values().iterator().next(), format, 10_000, false);
    }

    private ManualDataSender collected() {
        return client.getSendService().getDataSender(ManualDataSender.DEFAULT_NAME, ManualDataSender.class);
    }

    /** Its objects, which a test may switch on and off. */
    LwM2mObjectTree objects() {
        return client.getObjectTree();
    }

    /** Takes its leave and comes back, as after the order to reboot. */
    void reboot() {
        client.stop(true);
        client.start();
    }

    /** Goes without a word, as when the power is cut. */
    @Override
    public void close() {
        client.destroy(false);
    }

    /** Takes its leave. */
    void leave() {
        client.destroy(true);
    }
}
