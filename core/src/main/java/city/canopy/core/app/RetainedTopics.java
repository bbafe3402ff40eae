package city.canopy.core.app;

import city.canopy.core.commands.Commands;
import city.canopy.core.commands.IssuedCommand;
import city.canopy.core.gateways.Configurations;
import city.canopy.core.ingest.mqtt.RetainedState;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.RpcJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.model.DeviceId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the MQTT door sends to somebody who subscribes: to a gateway what it must know, to gateways and devices the
 * commands that wait for them, and to everybody else the tickets. Read on threads of its own.
 */
final class RetainedTopics implements RetainedState {
    private final RetainedState tickets;
    private final Configurations configurations;
    private final Commands commands;
    private final ExecutorService reading = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "gateway-reader");
        thread.setDaemon(true);
        return thread;
    });

    RetainedTopics(RetainedState tickets, Configurations configurations, Commands commands) {
        this.tickets = tickets;
        this.configurations = configurations;
        this.commands = commands;
    }

    @Override
    public CompletionStage<List<Retained>> find(String filter) {
        Topics.Parsed topic = Topics.parse(filter);
        if (topic instanceof Topics.GatewayConfig config) {
            return CompletableFuture.supplyAsync(
                    () -> configurations
                            .find(config.gateway())
                            .map(signed -> List.of(new Retained(filter, signed)))
                            .orElse(List.of()),
                    reading);
        } else if (topic instanceof Topics.GatewayCommands gateway) {
            return CompletableFuture.supplyAsync(
                    () -> waiting(filter, commands.openBehind(gateway.gateway())), reading);
        } else if (topic instanceof Topics.Commands device) {
            return CompletableFuture.supplyAsync(() -> waiting(filter, commands.openOf(device.device())), reading);
        }
        return tickets.find(filter);
    }

    @Override
    public CompletionStage<List<Retained>> findOwn(DeviceId self, String filter) {
        if (!filter.equals(Topics.MY_RPC_REQUESTS)) {
            return CompletableFuture.completedStage(List.of());
        }
        return CompletableFuture.supplyAsync(
                () -> commands.openOf(self).stream()
                        .map(open ->
                                new Retained(Topics.myRpcRequest(open.rpc()), RpcJson.request(open.command()), false))
                        .toList(),
                reading);
    }

    private static List<Retained> waiting(String topic, List<IssuedCommand> open) {
        return open.stream()
                .map(each -> new Retained(topic, CommandJson.write(each.command()), false))
                .toList();
    }
}
