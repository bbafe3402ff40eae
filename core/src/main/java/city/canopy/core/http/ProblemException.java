package city.canopy.core.http;

import java.time.Duration;
import java.util.Optional;

/** Ends a request with a {@link Problem}. Carries no stack trace: it is an answer, not a fault of the program. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Duration retryAfter;

    public ProblemException(int status, String code, String detail) {
        this(new Problem(status, code, detail), null);
    }

    private ProblemException(Problem problem, Duration retryAfter) {
        super(problem.status() + " " + problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** 400: the request itself is wrong. */
    public static ProblemException badRequest(String code, String detail) {
        return new ProblemException(400, code, detail);
    }

    /** 404, code {@code not_found}. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(404, "not_found", detail);
    }

    /** 409: it does not fit to what is there. */
    public static ProblemException conflict(String code, String detail) {
        return new ProblemException(409, code, detail);
    }

    /** 422: well-formed, but not acceptable. */
    public static ProblemException unacceptable(String code, String detail) {
        return new ProblemException(422, code, detail);
    }

    /** 503, code {@code busy}, with {@code Retry-After}. */
    public static ProblemException busy(String detail, Duration retryAfter) {
        return new ProblemException(new Problem(503, "busy", detail), retryAfter);
    }

    /** 429, code {@code too_many_attempts}, with {@code Retry-After}. */
    public static ProblemException tooMany(String detail, Duration retryAfter) {
        return new ProblemException(new Problem(429, "too_many_attempts", detail), retryAfter);
    }

    public Problem problem() {
        return problem;
    }

    /** After how long it is worth trying again, where that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
