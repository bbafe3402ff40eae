package city.canopy.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GatewayMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path dir;

    private int run(String... arguments) {
        environment.put("CANOPY_GATEWAY_DATA_DIR", dir.resolve("data").toString());
        CommandLine line = GatewayMain.commandLine(environment);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void helpSaysHowItIsEnrolled() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("LwM2M").contains("--enrol TOKEN").contains("CANOPY_GATEWAY");
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("canopy-gateway ");
    }

    @Test
    void withoutAnEnrolmentItSaysWhatToDo() {
        assertThat(run()).isEqualTo(GatewayMain.CANNOT_START);
        assertThat(err.toString()).contains("not enrolled yet").contains("--enrol TOKEN");
    }

    @Test
    void aServiceThatDoesNotAnswerIsNamed() {
        assertThat(run("--service", "http://127.0.0.1:1", "--enrol", "token")).isEqualTo(GatewayMain.CANNOT_START);
        assertThat(err.toString())
                .contains("http://127.0.0.1:1 does not answer")
                .doesNotContain("token");
    }

    @Test
    void anUnknownKeyStopsTheStart() throws IOException {
        Path file = dir.resolve("gateway.yaml");
        Files.writeString(file, "stoer: {}\n");
        assertThat(run("--config", file.toString())).isEqualTo(GatewayMain.CANNOT_START);
        assertThat(err.toString()).contains("unknown key stoer");
    }

    @Test
    void aStoreThatIsTooSmallStopsTheStart() {
        environment.put("CANOPY_GATEWAY_STORE_BYTES", "1000");
        assertThat(run()).isEqualTo(GatewayMain.CANNOT_START);
        assertThat(err.toString()).contains("store: bytes must be 134217728 or more");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(run("--serve")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
