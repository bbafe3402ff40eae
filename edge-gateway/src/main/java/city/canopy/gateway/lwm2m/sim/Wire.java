package city.canopy.gateway.lwm2m.sim;

/** The way of one device to its gateway. What is lost on it is lost without a word: the sender repeats it. */
interface Wire extends AutoCloseable {
    void send(byte[] datagram);

    /**
     * What the two ends agreed on may be forgotten at the other one, as after its restart: it is agreed on anew with the
     * next datagram.
     *
     * @return whether anything is
     */
    boolean renew();

    @Override
    void close();
}
