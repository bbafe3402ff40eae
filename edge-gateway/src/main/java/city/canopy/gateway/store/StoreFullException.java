package city.canopy.gateway.store;

/** The store has no room: nothing that was acknowledged is dropped for it, the sender is refused. */
public final class StoreFullException extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreFullException(String message) {
        super(message);
    }
}
