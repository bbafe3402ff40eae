package city.canopy.core.http;

import io.netty.util.NetUtil;

/**
 * An IP address or a network in CIDR notation.
 *
 * @param address an address of it, as text
 * @param bits how many leading bits count
 */
record Network(String address, int bits) {
    /** @throws IllegalArgumentException when it is neither */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an IP address or network such as 10.0.0.0/8 or fd00::/8");
        }
        int bits = bytes.length * 8;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + text + "\": the prefix length must be a number", e);
            }
            if (bits < 0 || bits > bytes.length * 8) {
                throw new IllegalArgumentException("\"" + text + "\": the prefix length is out of range");
            }
        }
        return new Network(host, bits);
    }

    /** Whether an IP address given as text lies in it. */
    boolean contains(String ip) {
        byte[] mine = NetUtil.createByteArrayFromIpAddressString(address);
        byte[] other = NetUtil.createByteArrayFromIpAddressString(ip);
        if (other == null || other.length != mine.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >>> (bit % 8);
            if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
