package city.canopy.devices.envelope;

import city.canopy.devices.model.DeviceId;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Envelopes as they travel on {@code canopy/v1/gateways/{gateway}/uplink}: those of one message come from one store and are
 * numbered without a gap.
 *
 * <pre>{"store": "4c1f…", "first": 17, "envelopes": [
 *   {"device": "bin-7", "topic": "/lwm2m", "type": "application/senml+cbor", "at": "2026-11-03T04:05:06.789012Z",
 *    "clock": "…", "data": "base64"}, …]}</pre>
 *
 * {@code type} is left out where there is none, {@code clock} where it is the same as {@code at}.
 */
public final class EnvelopeJson {
    /** The most envelopes of one message. */
    public static final int MAX_ENVELOPES = 1_000;
    /** The longest message in bytes; a gateway fills no more, a service takes no more. */
    public static final int MAX_BYTES = 256 * 1024;
    /** The longest payload of one envelope in bytes: with its base64 and its names it fits into a message. */
    public static final int MAX_PAYLOAD = 128 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(MAX_BYTES)
                    .build())
            .build();

    private EnvelopeJson() {}

    /** The message is none of envelopes; says why. */
    public static final class EnvelopeException extends Exception {
        private static final long serialVersionUID = 1L;

        public EnvelopeException(String message) {
            super(message);
        }
    }

    /** @param envelopes one at least, of one store, numbered without a gap */
    public static byte[] write(List<Envelope> envelopes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * envelopes.size());
        EnvelopeId first = envelopes.get(0).id();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("store", first.store());
            json.writeNumberField("first", first.sequence());
            json.writeArrayFieldStart("envelopes");
            long expected = first.sequence();
            for (Envelope envelope : envelopes) {
                if (envelope.id().sequence() != expected++
                        || !envelope.id().store().equals(first.store())) {
                    throw new IllegalArgumentException("envelopes of one message are numbered without a gap");
                }
                write(json, envelope);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Envelope envelope) throws IOException {
        json.writeStartObject();
        json.writeStringField("device", envelope.device().value());
        json.writeStringField("topic", envelope.topic());
        if (envelope.contentType() != null) {
            json.writeStringField("type", envelope.contentType());
        }
        json.writeStringField("at", envelope.heardAt().toString());
        if (!envelope.clockAt().equals(envelope.heardAt())) {
            json.writeStringField("clock", envelope.clockAt().toString());
        }
        json.writeBinaryField("data", envelope.payload());
        json.writeEndObject();
    }

    /**
     * Reads a message.
     *
     * @param gateway who sent it, proven by its credential
     * @throws EnvelopeException when it is none, or beyond a limit
     */
    public static List<Envelope> read(DeviceId gateway, byte[] message) throws EnvelopeException {
        if (message.length > MAX_BYTES) {
            throw new EnvelopeException("a message of envelopes has at most " + MAX_BYTES + " bytes");
        }
        try (JsonParser json = JSON.createParser(message)) {
            return new Reader(gateway, json).read();
        } catch (JsonProcessingException e) {
            throw new EnvelopeException("not readable as JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new EnvelopeException("not readable: " + e.getMessage());
        }
    }

    /** One message being read. */
    private static final class Reader {
        private final DeviceId gateway;
        private final JsonParser json;
        private String store;
        private long first;
        private final List<Fields> fields = new ArrayList<>();

        Reader(DeviceId gateway, JsonParser json) {
            this.gateway = gateway;
            this.json = json;
        }

        List<Envelope> read() throws IOException, EnvelopeException {
            expect(json.nextToken(), JsonToken.START_OBJECT, "a message is an object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "store" -> store = text(token, name);
                    case "first" -> {
                        expect(token, JsonToken.VALUE_NUMBER_INT, "first is a whole number");
                        first = json.getLongValue();
                    }
                    case "envelopes" -> envelopes(token);
                    default -> json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new EnvelopeException("a message is one object, and nothing else");
            }
            return made();
        }

        private void envelopes(JsonToken token) throws IOException, EnvelopeException {
            expect(token, JsonToken.START_ARRAY, "envelopes is a list");
            while (json.nextToken() == JsonToken.START_OBJECT) {
                if (fields.size() == MAX_ENVELOPES) {
                    throw new EnvelopeException("a message has at most " + MAX_ENVELOPES + " envelopes");
                }
                fields.add(envelope());
            }
            expect(json.currentToken(), JsonToken.END_ARRAY, "an envelope is an object");
        }

        private Fields envelope() throws IOException, EnvelopeException {
            Fields envelope = new Fields();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "device" -> envelope.device = text(token, name);
                    case "topic" -> envelope.topic = text(token, name);
                    case "type" -> envelope.type = text(token, name);
                    case "at" -> envelope.at = text(token, name);
                    case "clock" -> envelope.clock = text(token, name);
                    case "data" -> {
                        expect(token, JsonToken.VALUE_STRING, "data is base64");
                        envelope.data = json.getBinaryValue();
                    }
                    default -> json.skipChildren();
                }
            }
            return envelope;
        }

        private List<Envelope> made() throws EnvelopeException {
            if (store == null || fields.isEmpty()) {
                throw new EnvelopeException("a message names its store and has an envelope at least");
            }
            List<Envelope> envelopes = new ArrayList<>(fields.size());
            long sequence = first;
            for (Fields each : fields) {
                try {
                    envelopes.add(each.envelope(new EnvelopeId(gateway, store, sequence++)));
                } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
                    throw new EnvelopeException("the envelope " + (sequence - 1) + ": " + e.getMessage());
                }
            }
            return envelopes;
        }

        private String text(JsonToken token, String name) throws IOException, EnvelopeException {
            expect(token, JsonToken.VALUE_STRING, name + " is a text");
            return json.getText();
        }

        private static void expect(JsonToken token, JsonToken wanted, String what) throws EnvelopeException {
            if (token != wanted) {
                throw new EnvelopeException(what);
            }
        }
    }

    /** What stands in one envelope; null where it is missing. */
    private static final class Fields {
        private String device;
        private String topic;
        private String type;
        private String at;
        private String clock;
        private byte[] data;

        Envelope envelope(EnvelopeId id) {
            if (at == null) {
                throw new IllegalArgumentException("it does not say when it was heard (at)");
            }
            if (topic != null && topic.length() > Topics.MAX_LENGTH || type != null && type.length() > 200) {
                throw new IllegalArgumentException("its topic or type is too long");
            }
            Instant heardAt = Instant.parse(at);
            return new Envelope(
                    id,
                    new DeviceId(device),
                    topic,
                    type,
                    heardAt,
                    clock == null ? heardAt : Instant.parse(clock),
                    data);
        }
    }
}
