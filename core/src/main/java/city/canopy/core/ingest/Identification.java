package city.canopy.core.ingest;

import city.canopy.devices.codec.RefusalCode;
import city.canopy.devices.envelope.CommandJson;
import city.canopy.devices.envelope.CommandJson.CommandException;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.envelope.RpcJson;
import city.canopy.devices.envelope.Topics;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.Profiles;
import city.canopy.devices.registry.Device;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The line's first step: who sent a message, of which profile is that, and what sort of message is it. */
final class Identification {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ATTRIBUTES = 16_384;

    private final Supplier<Profiles> profiles;

    Identification(Supplier<Profiles> profiles) {
        this.profiles = profiles;
    }

    /** Puts the message where it belongs: telemetry, a word of the device about itself, or refused. */
    void identify(int index, Batch batch) {
        Inbound message = batch.messages.get(index);
        if (message.refusal() != null) {
            batch.refuse(message, message.refusal());
            return;
        }
        Optional<Device> device = batch.registry.find(message.uplink().device());
        if (device.isEmpty()) {
            batch.refuse(
                    message,
                    RefusalCode.UNKNOWN_DEVICE,
                    "no device " + message.uplink().device() + " is enrolled; enrol it, then replay");
            return;
        }
        if (message.topic().startsWith("/")) {
            telemetry(index, batch, device.get());
            return;
        }
        Topics.Parsed topic = Topics.parse(message.topic());
        if (topic instanceof Topics.Telemetry || topic instanceof Topics.MyTelemetry) {
            telemetry(index, batch, device.get());
        } else if (topic instanceof Topics.Status) {
            status(message, batch);
        } else if (topic instanceof Topics.MyAttributes) {
            attributes(message, batch);
        } else if (topic instanceof Topics.CommandReply reply) {
            reply(message, reply.command(), CommandJson::reply, batch);
        } else if (topic instanceof Topics.MyRpcResponse response) {
            reply(message, response.request(), RpcJson::response, batch);
        } else {
            batch.refuse(
                    message,
                    RefusalCode.UNDECODABLE,
                    "this version reads no messages on such a topic; replay it with one that does");
        }
    }

    private void telemetry(int index, Batch batch, Device device) {
        Optional<DeviceProfile> profile = profiles.get().find(device.profile());
        if (profile.isPresent()) {
            batch.known.add(new Batch.Known(index, batch.messages.get(index), device, profile.get()));
        } else {
            batch.refuse(
                    batch.messages.get(index),
                    RefusalCode.UNKNOWN_PROFILE,
                    "no pack brings the profile " + device.profile() + "; load it, then replay");
        }
    }

    private static void status(Inbound message, Batch batch) {
        Optional<Boolean> online = StatusPayload.read(message.uplink());
        if (online.isPresent()) {
            batch.words.add(new Batch.Word(message, online.get(), null));
        } else {
            batch.refuse(
                    message,
                    RefusalCode.UNDECODABLE,
                    "a status is \"online\" or \"offline\", plain or as {\"status\": …}");
        }
    }

    /** Reads a reply to the command that the topic names. */
    private interface ReplyForm {
        CommandReply read(String command, byte[] payload, Instant receivedAt) throws CommandException;
    }

    private static void reply(Inbound message, String command, ReplyForm form, Batch batch) {
        byte[] payload = message.uplink().payload();
        if (payload.length > CommandJson.MAX_BYTES) {
            batch.refuse(message, RefusalCode.TOO_LARGE, "a reply takes at most " + CommandJson.MAX_BYTES + " bytes");
            return;
        }
        try {
            batch.replies.add(new Batch.Reply(
                    message, form.read(command, payload, message.uplink().receivedAt())));
        } catch (CommandException e) {
            batch.refuse(message, RefusalCode.UNDECODABLE, e.getMessage());
        }
    }

    private static void attributes(Inbound message, Batch batch) {
        byte[] payload = message.uplink().payload();
        if (payload.length > MOST_ATTRIBUTES) {
            batch.refuse(message, RefusalCode.TOO_LARGE, "attributes take at most " + MOST_ATTRIBUTES + " bytes");
            return;
        }
        try {
            JsonNode object = JSON.readTree(payload);
            if (object != null && object.isObject()) {
                batch.words.add(new Batch.Word(message, null, object.toString()));
                return;
            }
            batch.refuse(message, RefusalCode.UNDECODABLE, "attributes are a JSON object");
        } catch (JsonProcessingException e) {
            batch.refuse(message, RefusalCode.UNDECODABLE, "attributes are a JSON object: " + e.getOriginalMessage());
        } catch (IOException e) {
            batch.refuse(message, RefusalCode.UNDECODABLE, "attributes are a JSON object: " + e.getMessage());
        }
    }
}
