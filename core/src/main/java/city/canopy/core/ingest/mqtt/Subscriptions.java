package city.canopy.core.ingest.mqtt;

import city.canopy.core.access.Principal;
import city.canopy.devices.envelope.TopicFilter;
import city.canopy.devices.model.DeviceId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who listens to what. Filters without wildcards are found by their topic, those with wildcards are tried one by one:
 * {@link Rights} lets only a few kinds of them exist. Event loop only.
 */
final class Subscriptions {
    private final Map<String, Map<Client, Integer>> byTopic = new HashMap<>();
    private final Map<String, Map<Client, Integer>> byFilter = new HashMap<>();
    /** The filters that mean the subscriber itself: the same of each device, but not the same topics. */
    private final Map<DeviceId, Map<String, Map<Client, Integer>>> own = new HashMap<>();

    /** @return whether this client had the filter already; its QoS is then the new one */
    boolean add(Client client, String filter, int qos) {
        return index(client, filter)
                        .computeIfAbsent(filter, f -> new LinkedHashMap<>())
                        .put(client, qos)
                != null;
    }

    /** @return whether this client had the filter */
    boolean remove(Client client, String filter) {
        Map<String, Map<Client, Integer>> index = index(client, filter);
        Map<Client, Integer> clients = index.get(filter);
        boolean had = clients != null && clients.remove(client) != null;
        if (had && clients.isEmpty()) {
            index.remove(filter);
        }
        if (index.isEmpty() && client.principal() instanceof Principal.OfDevice self) {
            own.remove(self.device(), index);
        }
        return had;
    }

    private Map<String, Map<Client, Integer>> index(Client client, String filter) {
        if (filter.startsWith(Rights.ME) && client.principal() instanceof Principal.OfDevice self) {
            return own.computeIfAbsent(self.device(), device -> new HashMap<>());
        }
        return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0 ? byFilter : byTopic;
    }

    /** Who is to get a message on this topic, each once, with the highest QoS of its filters. */
    Map<Client, Integer> listeners(String topic) {
        Map<Client, Integer> found = new LinkedHashMap<>();
        collect(byTopic.get(topic), found);
        byFilter.forEach((filter, clients) -> {
            if (TopicFilter.matches(filter, topic)) {
                collect(clients, found);
            }
        });
        return found;
    }

    /** Who is to get a message on a topic that means the device itself. */
    Map<Client, Integer> listeners(DeviceId self, String topic) {
        Map<Client, Integer> found = new LinkedHashMap<>();
        own.getOrDefault(self, Map.of()).forEach((filter, clients) -> {
            if (TopicFilter.matches(filter, topic)) {
                collect(clients, found);
            }
        });
        return found;
    }

    private static void collect(Map<Client, Integer> clients, Map<Client, Integer> into) {
        if (clients != null) {
            clients.forEach((client, qos) -> into.merge(client, qos, Math::max));
        }
    }
}
