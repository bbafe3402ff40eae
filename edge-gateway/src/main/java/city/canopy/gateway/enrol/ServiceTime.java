package city.canopy.gateway.enrol;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What time it is by the service's clock, to the second: the {@code Date} of an answer (RFC 9110, 6.6.1). Blocking. */
public final class ServiceTime implements Supplier<Optional<Instant>> {
    private static final Logger log = LoggerFactory.getLogger(ServiceTime.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    public ServiceTime(URI service) {
        this.address = service.resolve("/health/live");
    }

    @Override
    public Optional<Instant> get() {
        try {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(address).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding());
            return response.headers()
                    .firstValue("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (IOException | DateTimeException e) {
            log.info("the service does not say what time it is ({}); the gateway's clock is believed", e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
