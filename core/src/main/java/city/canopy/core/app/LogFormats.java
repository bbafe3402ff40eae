package city.canopy.core.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/** Turns the log to the form that the configuration asks for. */
final class LogFormats {
    private LogFormats() {}

    static void apply(CoreConfig.Log log) {
        if (log.format() == CoreConfig.LogFormat.TEXT
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        System.setProperty("canopy.log", log.format().name());
        context.reset();
        try {
            new ContextInitializer(context).autoConfig();
        } catch (JoranException e) {
            throw new StartException("the log cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Leaves every single request out: on a visitor's terminal they would push the log-in out of sight. */
    static void withoutRequests() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("city.canopy.http.access").setLevel(Level.WARN);
        }
    }
}
