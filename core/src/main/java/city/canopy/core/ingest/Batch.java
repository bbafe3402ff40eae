package city.canopy.core.ingest;

import city.canopy.core.series.RawFrame;
import city.canopy.core.series.Subject;
import city.canopy.devices.codec.Refusal;
import city.canopy.devices.codec.RefusalCode;
import city.canopy.devices.envelope.CommandReply;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Reading;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.registry.Device;
import city.canopy.devices.registry.DeviceRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one batch has gathered on its way through {@link IngestPipeline}. Lives as long as its transaction. */
final class Batch {
    final List<Inbound> messages;
    final DeviceRegistry registry;
    final Instant now;
    final List<Known> known;
    final List<Said> said;
    final List<Refused> refused = new ArrayList<>();
    final List<Word> words = new ArrayList<>();
    final List<Reply> replies = new ArrayList<>();

    /**
     * A message whose sender is enrolled.
     *
     * @param index the message's place in the batch
     */
    record Known(int index, Inbound message, Device device, DeviceProfile profile) {}

    /**
     * A reading that knows its subject and not yet its datastream.
     *
     * @param index the message's place in the batch
     */
    record Said(int index, DeviceId device, Reading reading, Subject subject, String unit, long receivedAtMicros) {}

    /** What a device says of itself: that it is there or not, or its attributes; one of the two is null. */
    record Word(Inbound message, Boolean online, String attributes) {
        DeviceId device() {
            return message.uplink().device();
        }

        Instant at() {
            return message.uplink().receivedAt();
        }
    }

    /** What became of a command, by the device or its gateway. */
    record Reply(Inbound message, CommandReply reply) {
        DeviceId device() {
            return message.uplink().device();
        }

        Instant at() {
            return message.uplink().receivedAt();
        }
    }

    Batch(List<Inbound> messages, DeviceRegistry registry, Instant now) {
        this.messages = messages;
        this.registry = registry;
        this.now = now;
        this.known = new ArrayList<>(messages.size());
        this.said = new ArrayList<>(messages.size());
    }

    void refuse(Inbound message, Refusal refusal) {
        refused.add(new Refused(message, refusal));
    }

    void refuse(Inbound message, RefusalCode code, String detail) {
        refuse(message, new Refusal(code, detail));
    }

    /** The raw frames, in the order of the messages. */
    List<RawFrame> frames() {
        List<RawFrame> frames = new ArrayList<>(messages.size());
        for (Inbound message : messages) {
            frames.add(new RawFrame(
                    message.uplink().device().value(),
                    message.topic(),
                    message.uplink().contentType(),
                    micros(message.uplink().receivedAt()),
                    message.uplink().payload()));
        }
        return frames;
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }
}
