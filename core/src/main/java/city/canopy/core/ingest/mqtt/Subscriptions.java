package city.canopy.core.ingest.mqtt;

import city.canopy.devices.envelope.TopicFilter;
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

    /** @return whether this client had the filter already; its QoS is then the new one */
    boolean add(Client client, String filter, int qos) {
        return index(filter).computeIfAbsent(filter, f -> new LinkedHashMap<>()).put(client, qos) != null;
    }

    /** @return whether this client had the filter */
    boolean remove(Client client, String filter) {
        Map<String, Map<Client, Integer>> index = index(filter);
        Map<Client, Integer> clients = index.get(filter);
        if (clients == null || clients.remove(client) == null) {
            return false;
        }
        if (clients.isEmpty()) {
            index.remove(filter);
        }
        return true;
    }

    private Map<String, Map<Client, Integer>> index(String filter) {
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

    private static void collect(Map<Client, Integer> clients, Map<Client, Integer> into) {
        if (clients != null) {
            clients.forEach((client, qos) -> into.merge(client, qos, Math::max));
        }
    }
}
