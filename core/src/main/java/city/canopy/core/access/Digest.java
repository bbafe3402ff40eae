package city.canopy.core.access;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** 32 bytes that stand for a secret or a certificate. Equality takes the same time wherever two of them differ. */
public final class Digest {
    private static final int BYTES = 32;

    private final byte[] bytes;

    /** @throws IllegalArgumentException when there are not 32 bytes */
    public Digest(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && MessageDigest.isEqual(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Says nothing of the bytes: a digest has no business in a log. */
    @Override
    public String toString() {
        return "Digest";
    }
}
