package city.canopy.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run left behind, as text that can be compared.
 *
 * @param readings how many readings of fill_level each device has, each moment once
 * @param tickets a line for each ticket, sorted
 */
record Outcome(Map<String, Integer> readings, List<String> tickets) {
    /**
     * Asks the service.
     *
     * @param devices how many there are, named d0, d1 and so on
     */
    static Outcome of(ServiceProcess service, int devices) throws IOException, InterruptedException {
        Map<String, Integer> readings = new TreeMap<>();
        for (int i = 0; i < devices; i++) {
            int count = 0;
            String next = "/api/v1/devices/d" + i + "/readings?quantity=fill_level&order=asc&limit=1000";
            String before = "";
            while (next != null) {
                JsonNode page = service.get(next);
                for (JsonNode item : page.get("items")) {
                    String at = item.get("measured_at").asText();
                    assertThat(Instant.parse(at))
                            .as("each moment once")
                            .isAfter(before.isEmpty() ? Instant.EPOCH : Instant.parse(before));
                    before = at;
                    count++;
                }
                next = page.hasNonNull("next") ? page.get("next").asText() : null;
            }
            readings.put("d" + i, count);
        }
        List<String> tickets = new ArrayList<>();
        String next = "/api/v1/tickets?limit=500";
        while (next != null) {
            JsonNode page = service.get(next);
            for (JsonNode ticket : page.get("items")) {
                StringBuilder line = new StringBuilder();
                line.append(ticket.get("layer").asText())
                        .append('/')
                        .append(ticket.get("feature_id").asText());
                line.append(' ').append(ticket.get("service").asText());
                line.append(' ').append(ticket.get("status").asText());
                for (JsonNode witness : ticket.get("witnesses")) {
                    line.append(' ').append(witness.get("at").asText());
                }
                tickets.add(line.toString());
            }
            next = page.hasNonNull("next") ? page.get("next").asText() : null;
        }
        tickets.sort(String::compareTo);
        return new Outcome(readings, tickets);
    }
}
