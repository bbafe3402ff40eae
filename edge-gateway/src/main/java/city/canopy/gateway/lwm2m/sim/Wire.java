package city.canopy.gateway.lwm2m.sim;

/** The way of one device to its gateway. What is lost on it is lost without a word: the sender repeats it. */
interface Wire extends AutoCloseable {
    /**
     * Sends a datagram.
     *
     * @param distrusted whether what the two ends agreed on may be forgotten at the other one, as after its restart
     */
    void send(byte[] datagram, boolean distrusted);

    @Override
    void close();
}
