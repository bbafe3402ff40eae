package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final StringWriter written = new StringWriter();

    @Test
    void elsewhereThanOnATerminalThereIsALineForEachTenth() {
        Console.Progress progress = new Console(new PrintWriter(written), false).progress("The past");
        for (int i = 0; i <= 1_000; i++) {
            progress.reached(i / 1_000.0);
        }
        assertThat(written.toString().lines())
                .hasSize(11)
                .startsWith("The past: 0 %", "The past: 10 %")
                .endsWith("The past: 100 %");
    }

    @Test
    void onATerminalABarIsDrawnOverAndGivesWayToALine() {
        Console console = new Console(new PrintWriter(written), true);
        Console.Progress progress = console.progress("The past");
        progress.reached(0.5);
        progress.reached(0.501);
        console.line("First ticket");
        progress.reached(1);
        assertThat(written.toString())
                .isEqualTo("\r\u001b[KThe past [####################--------------------] 50 %"
                        + "\r\u001b[KFirst ticket\n"
                        + "\r\u001b[KThe past [########################################] 100 %\n");
    }

    @Test
    void whatPassesIsToldOnATerminalOnlyAndLeavesNothing() {
        Console terminal = new Console(new PrintWriter(written), true);
        terminal.passing("reading: 1,000 features");
        terminal.passing("reading: 2,000 features");
        terminal.clear();
        terminal.clear();
        assertThat(written.toString())
                .isEqualTo("\r\u001b[Kreading: 1,000 features\r\u001b[Kreading: 2,000 features\r\u001b[K");
        StringWriter log = new StringWriter();
        Console elsewhere = new Console(new PrintWriter(log), false);
        elsewhere.passing("reading: 1,000 features");
        elsewhere.clear();
        assertThat(log.toString()).isEmpty();
    }
}
