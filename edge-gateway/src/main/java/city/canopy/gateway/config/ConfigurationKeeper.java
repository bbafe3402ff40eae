package city.canopy.gateway.config;

import city.canopy.devices.envelope.ConfigurationException;
import city.canopy.devices.envelope.GatewayConfiguration;
import city.canopy.devices.envelope.SignedConfiguration;
import city.canopy.devices.model.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the configuration that the service pushes when it is signed by the service, meant for this gateway and newer than
 * the one in use, keeps it on disk, and puts it into the directory. The last good one is used at the next start, uplink or
 * not. Any thread.
 */
public final class ConfigurationKeeper {
    private static final Logger log = LoggerFactory.getLogger(ConfigurationKeeper.class);

    private final DeviceId gateway;
    private final PublicKey key;
    private final Path file;
    private final Directory directory;
    private long version = -1;

    /** @param file where the last good one is kept, readable by the gateway's account alone */
    public ConfigurationKeeper(DeviceId gateway, PublicKey key, Path file, Directory directory) {
        this.gateway = gateway;
        this.key = key;
        this.file = file;
        this.directory = directory;
    }

    /** Uses the last good one, if there is one. */
    public synchronized void load() {
        try {
            adopt(SignedConfiguration.verify(Files.readAllBytes(file), key));
        } catch (NoSuchFileException e) {
            log.info("there is no configuration yet; the service sends one when the gateway connects");
        } catch (IOException | ConfigurationException e) {
            log.error("the kept configuration cannot be used, the service sends another: {}", e.getMessage());
        }
    }

    /**
     * What came from the service.
     *
     * @return whether it is in use now; else why not is logged, and the last good one stays
     */
    public synchronized boolean received(byte[] signed) {
        try {
            GatewayConfiguration configuration = SignedConfiguration.verify(signed, key);
            if (!configuration.gateway().equals(gateway)) {
                throw new ConfigurationException("it is meant for the gateway " + configuration.gateway());
            }
            if (configuration.version() <= version) {
                return configuration.version() == version;
            }
            PrivateFiles.write(file, signed);
            adopt(configuration);
            return true;
        } catch (ConfigurationException e) {
            log.error("a configuration came that is not used: {}", e.getMessage());
        } catch (IOException e) {
            log.error("a configuration came that cannot be kept, so it is not used: {}", e.getMessage());
        }
        return false;
    }

    private void adopt(GatewayConfiguration configuration) {
        version = configuration.version();
        directory.replace(configuration);
        log.info("configuration {} with {} devices is in use", version, directory.size());
    }

    /** The version in use; -1 for none. */
    public synchronized long version() {
        return version;
    }
}
