package city.canopy.devices.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes one component of a configuration record: its default and what it means. The key's name is the component's
 * name in snake_case; the page {@code docs/configuration.md} is written from this. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** The default, as it would be written in YAML; empty means "none" for texts, an empty list, an absent path. */
    String value() default "";

    /** What it does, its unit and its limits, in one or two sentences. */
    String doc() default "";
}
