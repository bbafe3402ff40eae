package city.canopy.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GatewayMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = GatewayMain.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void helpSaysWhatItWillDoAndThatItTakesNoTrafficYet() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("LwM2M").contains("takes no traffic");
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("canopy-gateway ");
    }

    @Test
    void startingItDoesNotPretendToWork() {
        assertThat(run()).isEqualTo(GatewayMain.NOTHING_TO_RUN);
        assertThat(err.toString()).contains("takes no traffic");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(run("--serve")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
