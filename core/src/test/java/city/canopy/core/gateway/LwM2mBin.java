package city.canopy.core.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.SendResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** A real Leshan client by DTLS with a pre-shared key: a bin that says how full it is (IPSO 3320). */
final class LwM2mBin implements AutoCloseable {
    private static final int PERCENTAGE = 3320;
    private static final int VALUE = 5700;
    private static final int REPORT_INTERVAL = 3;

    private final CountDownLatch registered = new CountDownLatch(1);
    private final LeshanClient client;
    private final int id;
    private volatile double fill;
    private volatile long reportInterval;

    /** @param credentials as the service gave them */
    LwM2mBin(String name, int coapsPort, JsonNode credentials, int id) {
        this.id = id;
        ObjectsInitializer objects = new ObjectsInitializer(new StaticModel(models()));
        objects.setInstancesForObject(
                0,
                Security.psk(
                        "coaps://127.0.0.1:" + coapsPort,
                        1,
                        credentials.path("identity").asText().getBytes(StandardCharsets.UTF_8),
                        HexFormat.of().parseHex(credentials.path("key").asText())));
        objects.setFactoryForObject(1, (model, wanted, used) -> new SteeredServer());
        objects.setInstancesForObject(1, new SteeredServer());
        objects.setFactoryForObject(PERCENTAGE, (model, wanted, used) -> new Fill(id));
        objects.setInstancesForObject(PERCENTAGE, new Fill(id));
        objects.setInstancesForObject(3, new Device("Canopy", "bin", name));
        LeshanClientBuilder builder = new LeshanClientBuilder(name);
        builder.setObjects(new ArrayList<>(objects.createAll()));
        builder.setEndpointsProviders(new CaliforniumClientEndpointsProvider.Builder(
                        new CoapClientProtocolProvider(), new CoapsClientProtocolProvider())
                .setClientAddress(InetAddress.getLoopbackAddress())
                .build());
        client = builder.build();
        client.addObserver(new LwM2mClientObserverAdapter() {
            @Override
            public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String registration) {
                registered.countDown();
            }
        });
        client.start();
    }

    private static List<ObjectModel> models() {
        List<ObjectModel> models = new ArrayList<>(ObjectLoader.loadDefault());
        ResourceModel value = new ResourceModel(
                VALUE, "Sensor Value", ResourceModel.Operations.R, false, true, ResourceModel.Type.FLOAT, "", "", "");
        models.add(new ObjectModel(PERCENTAGE, "Percentage", "", "1.1", true, false, value));
        return models;
    }

    /** How full it is. */
    private final class Fill extends BaseInstanceEnabler {
        Fill(int id) {
            super(id);
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            return ReadResponse.success(LwM2mSingleResource.newFloatResource(VALUE, fill));
        }
    }

    /** The server object, whose reporting interval the gateway writes. */
    private final class SteeredServer extends Server {
        SteeredServer() {
            super(1, 300, EnumSet.of(BindingMode.U), false, BindingMode.U);
        }

        @Override
        public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
            WriteResponse done = super.write(server, replace, resource, value);
            if (resource == REPORT_INTERVAL && done.isSuccess()) {
                reportInterval = ((Number) value.getValue()).longValue();
            }
            return done;
        }
    }

    /** Waits for the answer to its registration. */
    LwM2mBin awaitRegistered() throws InterruptedException {
        if (!registered.await(Ward.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it could not register");
        }
        return this;
    }

    /** Sends how full it is; completes with the gateway's answer. */
    CompletableFuture<SendResponse> send(double percent) {
        fill = percent;
        CompletableFuture<SendResponse> answer = new CompletableFuture<>();
        LwM2mServer server = client.getRegisteredServers().values().iterator().next();
        client.getSendService()
                .sendData(
                        server,
                        ContentFormat.SENML_CBOR,
                        List.of("/" + PERCENTAGE + "/" + id + "/" + VALUE),
                        Ward.PATIENCE.toMillis(),
                        answer::complete,
                        answer::completeExceptionally);
        return answer;
    }

    /** What was last written to it; 0 before. */
    long reportInterval() {
        return reportInterval;
    }

    @Override
    public void close() {
        client.destroy(false);
    }
}
