package city.canopy.core.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What a bench says: on the way what is being measured, a line each, and at its end the figures as JSON. */
record BenchReport(CommandSpec spec) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    void print(Map<String, Object> figures) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(JSON.writeValueAsString(figures));
        out.flush();
    }
}
