package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.app.CoreMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code canopy simulate} as a process of its own, against a running service. */
@Timeout(120)
class SimulateTest {
    @TempDir
    private Path folder;

    private record Ran(int code, String said) {}

    private Ran simulate(String token, String... arguments) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                CoreMain.class.getName(),
                "simulate"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().remove("CANOPY_TOKEN");
        if (token != null) {
            builder.environment().put("CANOPY_TOKEN", token);
        }
        Path log = folder.resolve("log.txt");
        Process process = builder.redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readString(log));
    }

    private static long stored(RunningService service) {
        return service.get("/api/v1/stats").json().path("in_all").path("stored").asLong();
    }

    @Test
    void aFleetEnrolsItselfOnceAndIsHeard() throws Exception {
        try (RunningService service = new RunningService(folder.resolve("data"))) {
            service.addTrees(5);
            String[] arguments = {
                "--service", service.at("/").toString(),
                "--broker", "mqtt://127.0.0.1:" + service.mqttPort(),
                "--devices", "3",
                "--rate", "30",
                "--for", "PT3S"
            };
            Ran without = simulate(null, arguments);
            assertThat(without.code()).isEqualTo(2);
            assertThat(without.said()).contains("set CANOPY_TOKEN");

            Ran first = simulate(RunningService.TOKEN, arguments);
            assertThat(first.said()).contains("enrolled 3 of 3 devices").contains("skipped while not connected");
            assertThat(first.code()).as(first.said()).isZero();
            long heard = stored(service);
            assertThat(heard).isPositive();
            assertThat(service.get("/api/v1/quarantine").json().path("items")).isEmpty();
            assertThat(service.get("/api/v1/tickets").json().path("items")).isEmpty();
            assertThat(service.get("/api/v1/devices/sim-00001")
                            .json()
                            .path("profile")
                            .asText())
                    .isEqualTo("generic-soil-probe");

            Ran again = simulate(null, arguments);
            assertThat(again.said()).doesNotContain("enrolled");
            assertThat(again.code()).as(again.said()).isZero();
            assertThat(stored(service)).isGreaterThan(heard);
        }
    }

    @Test
    void whatCannotBeIsRefusedWithARemedy() throws Exception {
        assertThat(simulate(null, "--devices", "1000", "--rate", "50000").said())
                .contains("each device speaks once in 0.1 s to once a day");
        assertThat(simulate(null, "--broker", "tcp://somewhere").said()).contains("mqtt://HOST:PORT");
        Files.writeString(folder.resolve("other.csv"), "something else\n");
        assertThat(simulate("t", "--service", "http://127.0.0.1:1", "--credentials", "other.csv")
                        .said())
                .contains("other.csv does not begin with id,token");
    }
}
