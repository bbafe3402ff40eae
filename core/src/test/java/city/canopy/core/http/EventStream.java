package city.canopy.core.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A browser's side of server-sent events, read one event at a time. */
final class EventStream implements AutoCloseable {
    /** One event; id 0 where it has none. */
    record Event(long id, String kind, String data) {}

    private final InputStream body;
    private final BufferedReader lines;

    EventStream(RunningService service, String query, Long lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = service.request("/api/v1/events" + query);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId.toString());
        }
        HttpResponse<InputStream> response =
                service.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new AssertionError("status " + response.statusCode());
        }
        body = response.body();
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** Waits for the next event. */
    Event next() throws IOException {
        long id = 0;
        String kind = null;
        StringBuilder data = new StringBuilder();
        String line = lines.readLine();
        while (line != null) {
            if (line.isEmpty() && kind != null) {
                return new Event(id, kind, data.toString());
            } else if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring(4));
            } else if (line.startsWith("event: ")) {
                kind = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            }
            line = lines.readLine();
        }
        throw new IOException("the stream ended");
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
