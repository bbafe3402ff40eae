package city.canopy.core.gateways;

/** It cannot be done with a gateway like this; the message says why and what to do. */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public GatewayException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** For programs: {@code bad_csr}, {@code wrong_token}, … */
    public String code() {
        return code;
    }
}
