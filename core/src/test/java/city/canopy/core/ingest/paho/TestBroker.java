package city.canopy.core.ingest.paho;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** A real broker in this JVM (HiveMQ CE) that keeps its data in a folder and its port over a restart. */
public final class TestBroker implements AutoCloseable {
    private static final String CONFIG = """
            <?xml version="1.0"?>
            <hivemq>
              <listeners><tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener></listeners>
              <mqtt>
                <receive-maximum><server-receive-maximum>1000</server-receive-maximum></receive-maximum>
                <queued-messages><max-queue-size>1000000</max-queue-size><strategy>discard</strategy></queued-messages>
              </mqtt>
              <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
            </hivemq>
            """;

    private final Path folder;
    private final int port;
    private EmbeddedHiveMQ broker;

    /** @param folder an empty folder, or the one that a broker before this one has left */
    public TestBroker(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        for (String part : new String[] {"conf", "data", "extensions"}) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("conf").resolve("config.xml"), CONFIG.formatted(port));
    }

    /** Starts it, or starts it again. */
    public TestBroker start() {
        EmbeddedExtension everybody = EmbeddedExtension.builder()
                .withId("everybody")
                .withName("Everybody may connect")
                .withVersion("1")
                .withAuthor("Canopy")
                .withExtensionMain(new Everybody())
                .build();
        broker = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(folder.resolve("conf"))
                .withDataFolder(folder.resolve("data"))
                .withExtensionsFolder(folder.resolve("extensions"))
                .withEmbeddedExtension(everybody)
                .withoutLoggingBootstrap()
                .build();
        broker.start().join();
        return this;
    }

    /** Ends it; its data stays. */
    public void stop() {
        if (broker != null) {
            EmbeddedHiveMQ ended = broker;
            broker = null;
            ended.stop().join();
            try {
                ended.close();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the broker could not be closed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        stop();
    }

    /** Lets everybody in: who may connect is not what is tested here. */
    private static final class Everybody implements ExtensionMain {
        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            SimpleAuthenticator yes = (connect, answer) -> answer.authenticateSuccessfully();
            Services.securityRegistry().setAuthenticatorProvider(provider -> yes);
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
            // Ends with its broker.
        }
    }
}
