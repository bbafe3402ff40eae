package city.canopy.core.ingest.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT packets, byte by byte, right or wrong as the test wants them. */
final class Packet {
    static final int CONNECT = 0x10;
    static final int CONNACK = 0x20;
    static final int PUBLISH = 0x30;
    static final int PUBACK = 0x40;
    static final int PUBREC = 0x50;
    static final int PUBREL = 0x62;
    static final int PUBCOMP = 0x70;
    static final int SUBSCRIBE = 0x82;
    static final int SUBACK = 0x90;
    static final int UNSUBSCRIBE = 0xA2;
    static final int UNSUBACK = 0xB0;
    static final int PINGREQ = 0xC0;
    static final int PINGRESP = 0xD0;
    static final int DISCONNECT = 0xE0;

    private final int header;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Packet(int header) {
        this.header = header;
    }

    static Packet of(int header) {
        return new Packet(header);
    }

    Packet u8(int value) {
        body.write(value);
        return this;
    }

    Packet u16(int value) {
        return u8(value >> 8).u8(value & 0xFF);
    }

    Packet u32(long value) {
        return u16((int) (value >> 16)).u16((int) (value & 0xFFFF));
    }

    Packet text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return u16(bytes.length).raw(bytes);
    }

    Packet raw(byte[] bytes) {
        body.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(header);
        int length = body.size();
        do {
            int digit = length % 128;
            length /= 128;
            packet.write(length > 0 ? digit | 0x80 : digit);
        } while (length > 0);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    /** A PUBLISH as 3.1.1 knows it. */
    static Packet publish(int qos, int packetId, String topic, String payload) {
        Packet packet = of(PUBLISH | qos << 1).text(topic);
        if (qos > 0) {
            packet.u16(packetId);
        }
        return packet.raw(payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A PUBLISH of MQTT 5 with these property bytes. */
    static Packet publish5(int qos, int packetId, String topic, byte[] properties, String payload) {
        Packet packet = of(PUBLISH | qos << 1).text(topic);
        if (qos > 0) {
            packet.u16(packetId);
        }
        return packet.u8(properties.length).raw(properties).raw(payload.getBytes(StandardCharsets.UTF_8));
    }
}
