package city.canopy.gateway.lwm2m;

import java.util.Locale;

/** Why a device, or what it said, was not taken. */
enum Refused {
    /** No device of that name is behind this gateway. */
    UNKNOWN,
    /** The credential is another device's. */
    FOREIGN,
    /** It has a PSK or certificate, and came without encryption. */
    UNENCRYPTED,
    /** As many devices are registered as may be. */
    TOO_MANY,
    /** The certificate is nobody's, out of date, or of another name than its device. */
    CERTIFICATE,
    /** A Send of a device that is not registered. */
    UNREGISTERED,
    /** A Send in a format that LwM2M does not send in, or an answer or notification in one that nobody can read. */
    FORMAT,
    /** What is to be observed, or how, that the device refuses. */
    OBSERVE,
    /** The store has no room. */
    FULL,
    /** The store failed. */
    STORE;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
