package city.canopy.core.app;

import city.canopy.core.announce.RetainedMessage;
import city.canopy.core.announce.RetainedState;
import city.canopy.devices.envelope.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the MQTT door sends to somebody who subscribes: the tickets' retained state, read page by page on a thread of its
 * own.
 */
final class RetainedTickets implements city.canopy.core.ingest.mqtt.RetainedState {
    private final RetainedState state;
    private final ExecutorService reading = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "retained-reader");
        thread.setDaemon(true);
        return thread;
    });

    RetainedTickets(RetainedState state) {
        this.state = state;
    }

    @Override
    public CompletionStage<List<Retained>> find(String filter) {
        return CompletableFuture.supplyAsync(() -> read(filter), reading);
    }

    private List<Retained> read(String filter) {
        List<Retained> found = new ArrayList<>();
        String after = "";
        while (true) {
            List<RetainedMessage> page = state.list(RetainedState.TICKETS, after, RetainedState.MAX_PAGE);
            for (RetainedMessage message : page) {
                if (TopicFilter.matches(filter, message.topic())) {
                    found.add(new Retained(message.topic(), message.payload()));
                }
                after = message.topic();
            }
            if (page.size() < RetainedState.MAX_PAGE) {
                return found;
            }
        }
    }
}
