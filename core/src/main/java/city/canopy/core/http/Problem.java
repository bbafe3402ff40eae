package city.canopy.core.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * Why a request failed, as RFC 9457 {@code application/problem+json}. Every error of every address looks like this.
 *
 * @param status the HTTP status, 400 to 599
 * @param code what happened, for programs: {@code [a-z_]+}; never changes its meaning
 * @param detail what happened and what to do about it, for people; never a stack trace, never a secret
 */
public record Problem(int status, String code, String detail) {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem has a status from 400 to 599, not " + status);
        }
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
    }

    /** A URI that names the kind of problem. */
    public String type() {
        return "urn:canopy:problem:" + code;
    }

    /** The same for every problem of a kind. */
    public String title() {
        return switch (status) {
            case 400 -> "The request cannot be understood";
            case 401 -> "Log-in needed";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Not possible here";
            case 406 -> "Not available in that form";
            case 408 -> "The request took too long";
            case 409 -> "In conflict with what is there";
            case 411 -> "Length needed";
            case 413 -> "Too large";
            case 414 -> "The address is too long";
            case 415 -> "Not a form that is taken here";
            case 422 -> "The content is not acceptable";
            case 428 -> "A precondition is needed";
            case 429 -> "Too many requests";
            case 431 -> "The header is too large";
            case 503 -> "Not available just now";
            default -> status < 500 ? "The request failed" : "Something broke here";
        };
    }

    /** The five members, in their order. */
    public ObjectNode json() {
        return Json.object()
                .put("type", type())
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("code", code);
    }
}
