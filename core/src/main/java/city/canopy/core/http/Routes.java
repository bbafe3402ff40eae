package city.canopy.core.http;

/** One family of addresses. Mounting is also describing: an {@link Operation} stands in one place only. */
public interface Routes {
    /** Adds its operations. Called once, before the server listens. */
    void mount(Api api);

    /** The server is about to stop: answers that never end by themselves (event streams) end now. */
    default void stopping() {}
}
