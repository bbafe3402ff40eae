package city.canopy.core.ingest.mqtt;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.mqtt.MqttWill;

/**
 * What a client wants said when its connection ends without a DISCONNECT. A will delay is not waited for.
 *
 * @param contentType null where none was given
 */
record Will(String topic, String contentType, byte[] payload) {
    /** The will of a CONNECT, or null. */
    static Will of(MqttWill will) {
        if (will == null || !will.isWillFlag()) {
            return null;
        }
        byte[] payload = will.getWillMessageBytes();
        return new Will(
                will.getWillTopic(), contentType(will.getWillProperties()), payload == null ? new byte[0] : payload);
    }

    /** The content type among a message's properties, or null. */
    static String contentType(MqttProperties properties) {
        if (properties == null) {
            return null;
        }
        MqttProperties.MqttProperty<?> found = properties.getProperty(MqttProperties.CONTENT_TYPE);
        return found == null ? null : (String) found.value();
    }
}
