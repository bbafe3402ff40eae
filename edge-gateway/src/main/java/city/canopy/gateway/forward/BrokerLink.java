package city.canopy.gateway.forward;

import java.util.concurrent.CompletableFuture;

/** The connection to the service's MQTT door: made and made again for as long as it is open. Any thread. */
public interface BrokerLink extends AutoCloseable {
    /** Who is told of the connection; called by the link's threads, must return soon. */
    interface Listener {
        /** There is a connection, and the topics are subscribed. */
        void connected();

        /** There is none any more; what was not acknowledged on it has failed. */
        void lost(String why);

        /** Something came on one of the topics. */
        void received(String topic, byte[] payload);
    }

    /** Begins to connect; returns at once. */
    void open(Listener listener);

    /**
     * Publishes with QoS 1.
     *
     * @return when the service has acknowledged it, which means committed; fails when the connection ends before, or when
     *     the service refuses it
     */
    CompletableFuture<Void> publish(String topic, byte[] payload);

    /** Ends this connection, after a pause that grows with each time, and makes a new one. */
    void reconnect();

    /** Whether there is a connection now. */
    boolean isConnected();

    /** Ends the connection; blocks for a moment. */
    @Override
    void close();
}
