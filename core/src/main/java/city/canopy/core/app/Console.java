package city.canopy.core.app;

import java.io.PrintWriter;

/** What a person at the terminal is told. */
final class Console {
    private final PrintWriter out;

    Console(PrintWriter out) {
        this.out = out;
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Where the service is and, at the first start, how to log in. */
    void ready(Service service) {
        String scheme = service.config().http().tls().isOn() ? "https" : "http";
        line("Canopy is ready: " + scheme + "://localhost:" + service.httpPort() + "/   MQTT on port "
                + service.mqttPort());
        service.firstPassword().ifPresent(password -> {
            line("");
            line("  Log in as  admin  with the password  " + password);
            line("  It is shown this once; change it after the first log-in.");
            line("");
        });
    }
}
