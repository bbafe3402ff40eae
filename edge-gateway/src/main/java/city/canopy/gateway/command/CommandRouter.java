package city.canopy.gateway.command;

import city.canopy.devices.envelope.Command;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.CommandReply.State;
import city.canopy.devices.envelope.Topics;
import city.canopy.gateway.config.Directory;
import city.canopy.gateway.store.Inlet;
import city.canopy.gateway.store.Message;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the service's commands to the way by which their device is reached, and brings the replies into the store, so that
 * they outlive the uplink as readings do. Any thread; never blocks.
 */
public final class CommandRouter {
    private static final Logger log = LoggerFactory.getLogger(CommandRouter.class);

    private final Directory directory;
    private final List<CommandTarget> targets;
    private final Inlet inlet;
    private final Clock clock;

    /** @param targets asked in this order */
    public CommandRouter(Directory directory, List<CommandTarget> targets, Inlet inlet, Clock clock) {
        this.directory = directory;
        this.targets = List.copyOf(targets);
        this.inlet = inlet;
        this.clock = clock;
    }

    /** What came on the gateway's topic of commands. */
    public void received(byte[] payload) {
        Command command;
        try {
            command = CommandJson.command(payload);
        } catch (CommandException e) {
            log.warn("the service sent what is {}", e.getMessage());
            return;
        }
        Instant now = clock.instant();
        if (directory.find(command.device()).isEmpty()) {
            reply(
                    command,
                    new CommandReply(command.id(), State.FAILED, "the device is not known to the gateway", null, now));
        } else if (!command.expiresAt().isAfter(now)) {
            reply(command, new CommandReply(command.id(), State.EXPIRED, "it came to the gateway too late", null, now));
        } else {
            route(command, now);
        }
    }

    private void route(Command command, Instant now) {
        for (CommandTarget target : targets) {
            if (target.reaches(command)) {
                target.send(command, reply -> reply(command, reply));
                return;
            }
        }
        reply(command, new CommandReply(command.id(), State.FAILED, "there is no way to the device", null, now));
    }

    /** Keeps a reply for the service. */
    public void reply(Command command, CommandReply reply) {
        Message message = new Message(
                command.device(),
                Topics.commandReply(command.device(), command.id()),
                "application/json",
                CommandJson.write(reply));
        inlet.append(message).whenComplete((number, failure) -> {
            if (failure != null) {
                // The service asks again: it has had no reply.
                log.warn("the reply to {} could not be kept: {}", command.id(), failure.getMessage());
            }
        });
    }
}
