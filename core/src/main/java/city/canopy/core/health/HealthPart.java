package city.canopy.core.health;

import java.util.Objects;

/**
 * How one part of the service is.
 *
 * @param name such as {@code database}
 * @param code what is so, for programs: {@code ok} or such as {@code disk_low}; never changes its meaning
 * @param state well, well enough, or not
 * @param vietnamese what is so and what to do, in plain words
 * @param english the same
 */
public record HealthPart(String name, String code, State state, String vietnamese, String english) {
    /** How well. */
    public enum State {
        /** Nothing to do. */
        OK,
        /** It works, and somebody should look at it. */
        WARN,
        /** The service does not do what it is for. */
        FAIL
    }

    public HealthPart {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(vietnamese, "vietnamese");
        Objects.requireNonNull(english, "english");
    }

    public static HealthPart ok(String name) {
        return new HealthPart(name, "ok", State.OK, "Hoạt động bình thường.", "Works.");
    }

    public static HealthPart warn(String name, String code, String vietnamese, String english) {
        return new HealthPart(name, code, State.WARN, vietnamese, english);
    }

    public static HealthPart fail(String name, String code, String vietnamese, String english) {
        return new HealthPart(name, code, State.FAIL, vietnamese, english);
    }
}
