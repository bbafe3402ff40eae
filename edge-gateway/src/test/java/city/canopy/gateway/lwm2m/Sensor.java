package city.canopy.gateway.lwm2m;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.BaseInstanceEnablerFactory;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnablerFactory;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;

/** An object instance of a test device: values that a test sets and a gateway reads, writes and executes. */
final class Sensor extends BaseInstanceEnabler {
    /** Makes what a gateway orders to be made. */
    static final LwM2mInstanceEnablerFactory FACTORY = new BaseInstanceEnablerFactory() {
        @Override
        public LwM2mInstanceEnabler create() {
            return new Sensor(Map.of());
        }
    };

    private final Map<Integer, Object> values;
    private final AtomicInteger executions = new AtomicInteger();

    Sensor(int id, Map<Integer, Object> values) {
        super(id);
        this.values = new ConcurrentSkipListMap<>(values);
    }

    private Sensor(Map<Integer, Object> values) {
        this.values = new ConcurrentSkipListMap<>(values);
    }

    void set(int resource, Object value) {
        values.put(resource, value);
        fireResourceChange(resource);
    }

    Object get(int resource) {
        return values.get(resource);
    }

    int executions() {
        return executions.get();
    }

    @Override
    public List<Integer> getAvailableResourceIds(ObjectModel model) {
        return List.copyOf(values.keySet());
    }

    @Override
    public ReadResponse read(LwM2mServer server, int resource) {
        Object value = values.get(resource);
        if (value instanceof Map<?, ?> instances) {
            return ReadResponse.success(LwM2mMultipleResource.newResource(
                    resource,
                    instances.entrySet().stream()
                            .collect(Collectors.toMap(each -> (Integer) each.getKey(), Map.Entry::getValue)),
                    getModel().resources.get(resource).type));
        }
        return value == null
                ? ReadResponse.notFound()
                : ReadResponse.success(LwM2mSingleResource.newResource(
                        resource, value, getModel().resources.get(resource).type));
    }

    @Override
    public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
        values.put(resource, value.getValue());
        return WriteResponse.success();
    }

    @Override
    public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
        executions.incrementAndGet();
        return ExecuteResponse.success();
    }
}
